package io.leafd.test.peer;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A program from the test resources that uses an official client library, as a process of its own. It talks to a server, writes what
 * it sees, and fails when it is not served well. Owned by one scenario.
 */
public final class ClientProgram implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofMinutes(2);

    private final String name;
    private final Process process;
    private final Path output;

    private ClientProgram(String name, Process process, Path output) {
        this.name = name;
        this.process = process;
        this.output = output;
    }

    /**
     * Starts a Python program.
     *
     * @param resource name below {@code python/} of the test resources
     */
    public static ClientProgram python(String resource, String... arguments) {
        Path directory = TestDirectory.create(resource.replace('.', '-'));
        String interpreter = PythonEnvironment.get().program("python").toString();
        return start(interpreter, "/python/" + resource, directory, directory, arguments);
    }

    /**
     * Starts a JavaScript program on Node.js.
     *
     * @param resource name below {@code javascript/} of the test resources
     */
    public static ClientProgram javaScript(String resource, String... arguments) {
        Path directory = TestDirectory.create(resource.replace('.', '-'));
        return start("node", "/javascript/" + resource, NodeEnvironment.directory(), directory, arguments);
    }

    /** Waits until it has written this text. */
    public void awaitOutput(String text) {
        Deadline.await(name + " writes " + text, LIMIT, () -> {
            if (!process.isAlive() && !output().contains(text)) {
                throw new AssertionError(name + " ended before it wrote " + text + ":\n" + output());
            }
            return output().contains(text);
        });
    }

    /**
     * Waits for its end.
     *
     * @return what it wrote
     * @throws AssertionError when its exit status is not 0, with all that it wrote
     */
    public String awaitSuccess() {
        try {
            if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError("%s did not end in %s:\n%s".formatted(name, LIMIT, output()));
            }
            if (process.exitValue() != 0) {
                throw new AssertionError("%s failed with %d:\n%s".formatted(name, process.exitValue(), output()));
            }
            return output();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Ends it if it still runs. */
    @Override
    public void close() {
        process.destroyForcibly();
    }

    private String output() {
        try {
            return Files.readString(output, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ClientProgram start(
            String interpreter, String resource, Path home, Path directory, String... arguments) {
        Path program = home.resolve(Path.of(resource).getFileName());
        Path output = directory.resolve("log");
        try (InputStream source = ClientProgram.class.getResourceAsStream(resource)) {
            if (source == null) {
                throw new IllegalArgumentException("no resource " + resource);
            }
            Files.copy(source, program, StandardCopyOption.REPLACE_EXISTING);
            List<String> command = new ArrayList<>(List.of(interpreter, program.toString()));
            command.addAll(List.of(arguments));
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            return new ClientProgram(resource, process, output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
