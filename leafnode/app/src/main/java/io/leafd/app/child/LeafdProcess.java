package io.leafd.app.child;

import io.leafd.app.admin.AdminClient;
import io.leafd.app.admin.AdminException;
import io.leafd.app.admin.AdminSocket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A leafd as a process of its own, in a directory of its own: {@code leafd.toml}, {@code data}, {@code log}. Any thread.
 *
 * <p>It listens on free ports, which it is asked for after each start.
 */
public final class LeafdProcess {
    private static final Duration ANSWER = Duration.ofSeconds(3);
    private static final int LOG_TAIL_LINES = 15;

    private final String name;
    private final Path directory;
    private final List<String> flags;
    private volatile @Nullable Process process;
    private volatile Map<?, ?> listeners = Map.of();
    private boolean abandoned; // under the monitor of this: a process started behind the end would outlive this one

    /**
     * A leafd that is not started.
     *
     * @param name to speak of it
     * @param directory with its {@code leafd.toml}
     * @param flags for its Java, beside those of this process
     */
    public LeafdProcess(String name, Path directory, List<String> flags) {
        this.name = name;
        this.directory = directory;
        this.flags = List.copyOf(flags);
    }

    public String name() {
        return name;
    }

    /** Where its files are. */
    public Path directory() {
        return directory;
    }

    /**
     * Starts it; {@link #ready} tells when it serves.
     *
     * @throws IOException if it can't be started, or is abandoned
     */
    public synchronized void launch() throws IOException {
        if (abandoned) {
            throw new IOException("the " + name + " was abandoned");
        }
        listeners = Map.of();
        Path scratch = Files.createDirectories(directory.resolve("tmp"));
        List<String> run =
                List.of("run", "--config", directory.resolve("leafd.toml").toString());
        List<String> all = new ArrayList<>(flags);
        all.add("-Djava.io.tmpdir=" + scratch); // where libraries are unpacked
        var builder = new ProcessBuilder(OwnCommand.leafd(all, run))
                .redirectErrorStream(true)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
        List.of("RUNTIME_DIRECTORY", "NOTIFY_SOCKET", "WATCHDOG_USEC")
                .forEach(builder.environment()::remove); // those of this process, if systemd started it
        process = builder.start();
    }

    /**
     * Whether it serves.
     *
     * @throws IOException if it has ended instead, with what it said
     */
    public boolean ready() throws IOException {
        if (!alive()) {
            throw new IOException("the " + name + " ended while it started:\n" + logTail());
        }
        if (status().get("listeners") instanceof Map<?, ?> found) {
            listeners = found;
            return true;
        }
        return false;
    }

    /** Whether its connection to an upstream stands. */
    public boolean linked(String upstream) {
        return status().get("links") instanceof List<?> links
                && links.stream()
                        .anyMatch(link -> link instanceof Map<?, ?> fields
                                && upstream.equals(fields.get("name"))
                                && "connected".equals(fields.get("state")));
    }

    /** Its own answer to {@code leafd status}; empty while there is none. */
    private Map<?, ?> status() {
        try {
            Path socket = AdminSocket.ofServer(directory.resolve("data"), Map.of());
            return new AdminClient(socket, ANSWER).ask("status", Map.of()) instanceof Map<?, ?> status
                    ? status
                    : Map.of();
        } catch (AdminException notYet) {
            return Map.of();
        }
    }

    /**
     * Where it listens.
     *
     * @param listener name of the listener, for example {@code clients}
     * @throws IOException if it is not ready
     */
    public InetSocketAddress address(String listener) throws IOException {
        if (!(listeners.get(listener) instanceof String address)) {
            throw new IOException("the " + name + " has no listener " + listener);
        }
        int port = Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    public boolean alive() {
        Process now = process;
        return now != null && now.isAlive();
    }

    public long pid() {
        Process now = process;
        return now == null ? -1 : now.pid();
    }

    /** SIGKILL, and waits for the end. */
    public void kill() throws InterruptedException {
        Process now = process;
        listeners = Map.of();
        if (now != null) {
            now.destroyForcibly().waitFor();
        }
    }

    /** Kills it for good. */
    public synchronized void abandon() throws InterruptedException {
        abandoned = true;
        kill();
    }

    /** SIGTERM, and SIGKILL if it has not ended within {@code patience}. */
    public void stop(Duration patience) throws InterruptedException {
        Process now = process;
        if (now != null) {
            now.destroy();
            if (!now.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                kill();
            }
        }
    }

    /** The end of what it logged. */
    public String logTail() {
        try {
            List<String> lines = Files.readAllLines(log(), StandardCharsets.UTF_8);
            return String.join("\n", lines.subList(Math.max(0, lines.size() - LOG_TAIL_LINES), lines.size()));
        } catch (IOException e) {
            return "(no log: " + e.getMessage() + ")";
        }
    }

    private Path log() {
        return directory.resolve("log");
    }
}
