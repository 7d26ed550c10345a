package io.leafd.test.peer;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A message server as an operating-system process of its own: it can be killed, stopped, started again on the same data and ports,
 * and its log is there when a scenario fails. Owned by one scenario, or by the class that shares it among its scenarios.
 *
 * <p>Ready means: the client port answers with the first byte of its INFO, or waits for a TLS handshake. Processes that a scenario forgot
 * end with this JVM.
 */
public abstract class ServerProcess implements AutoCloseable {

    private static final int LOG_TAIL_LINES = 60;
    private static final int SILENCE_MS = 1_000;
    private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime()
                .addShutdownHook(new Thread(() -> RUNNING.forEach(Process::destroyForcibly), "end-of-servers"));
    }

    private final Path directory;
    private final int clientPort;
    private @Nullable Process process;

    /**
     * @param directory of this server alone: configuration, data, log
     * @param clientPort where it listens for NATS clients
     */
    protected ServerProcess(Path directory, int clientPort) {
        this.directory = directory;
        this.clientPort = clientPort;
    }

    /** Program and arguments. */
    protected abstract List<String> command();

    /** Variables added to the environment of the process. */
    protected Map<String, String> environment() {
        return Map.of();
    }

    /** Starts the process and waits until it serves clients. */
    public final void start() {
        if (process != null && process.isAlive()) {
            throw new IllegalStateException("already running: " + this);
        }
        launch();
        Deadline.await(this + " listens", Deadline.START, () -> {
            if (!running()) {
                throw new IllegalStateException("%s ended with status %d while starting:\n%s"
                        .formatted(this, required().exitValue(), logTail()));
            }
            return answers();
        });
    }

    /** Starts the process without waiting for it, for configurations that it must refuse. */
    public final void launch() {
        ProcessBuilder builder = new ProcessBuilder(command())
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
        builder.environment().putAll(environment());
        try {
            Process started = builder.start();
            process = started;
            RUNNING.add(started);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends the process at once, as {@code kill -9} and a crash do. */
    public final void kill() {
        required().destroyForcibly();
        awaitEnd();
    }

    /** Asks the process to stop, as a service manager does, and waits for its end. */
    public final int terminate() {
        required().destroy();
        return awaitEnd();
    }

    /** Sends a signal by its name without {@code SIG}, for example {@code HUP}, {@code STOP}, {@code CONT}. */
    public final void signal(String name) {
        try {
            int status = new ProcessBuilder(
                            "kill", "-s", name, Long.toString(required().pid()))
                    .inheritIO()
                    .start()
                    .waitFor();
            if (status != 0) {
                throw new IllegalStateException("kill -s %s %s: status %d".formatted(name, this, status));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Waits for the end of the process and returns its exit status. */
    public final int awaitEnd() {
        Process ending = required();
        try {
            if (!ending.waitFor(Deadline.STOP.toSeconds(), TimeUnit.SECONDS)) {
                ending.destroyForcibly();
                throw new IllegalStateException(
                        "%s did not end within %s:\n%s".formatted(this, Deadline.STOP, logTail()));
            }
            RUNNING.remove(ending);
            return ending.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Whether the process is there. */
    public final boolean running() {
        return process != null && process.isAlive();
    }

    /** Process id, for tools that look from outside. */
    public final long pid() {
        return required().pid();
    }

    /** Port for NATS clients on loopback. */
    public final int clientPort() {
        return clientPort;
    }

    /** URL for NATS clients. */
    public final String url() {
        return "nats://127.0.0.1:" + clientPort;
    }

    /** The directory of this server: configuration, data, log. */
    public final Path directory() {
        return directory;
    }

    /** All that the server wrote to standard output and error, over all its starts. */
    public final String logText() {
        try {
            return Files.exists(log()) ? Files.readString(log(), StandardCharsets.UTF_8) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The last lines of the log, for the message of a failure. */
    public final String logTail() {
        List<String> lines = logText().lines().toList();
        return String.join("\n", lines.subList(Math.max(0, lines.size() - LOG_TAIL_LINES), lines.size()));
    }

    /** Ends the process if it runs and removes its data; configuration and log stay for whoever looks into a failure. */
    @Override
    public void close() {
        if (running()) {
            kill();
        }
        File[] children = directory.toFile().listFiles(File::isDirectory);
        for (File child : children == null ? new File[0] : children) {
            TestDirectory.delete(child.toPath());
        }
    }

    @Override
    public String toString() {
        return "%s on port %d (log: %s)".formatted(getClass().getSimpleName(), clientPort, log());
    }

    private Path log() {
        return directory.resolve("log");
    }

    private Process required() {
        if (process == null) {
            throw new IllegalStateException("never started: " + this);
        }
        return process;
    }

    /** Whether somebody listens, and says INFO or, when TLS comes first, nothing. */
    private boolean answers() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), clientPort)) {
            socket.setSoTimeout(SILENCE_MS);
            return socket.getInputStream().read() == 'I';
        } catch (SocketTimeoutException silent) {
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }
}
