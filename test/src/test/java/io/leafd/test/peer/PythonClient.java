package io.leafd.test.peer;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The official Python client: runs a program from the test resources that talks to a server and fails when it is not served well. */
public final class PythonClient {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private PythonClient() {}

    /**
     * Runs a program to its end.
     *
     * @param resource name below {@code python/} of the test resources
     * @param arguments of the program
     * @return what it wrote
     * @throws AssertionError when its exit status is not 0, with all that it wrote
     */
    public static String run(String resource, String... arguments) {
        Path directory = TestDirectory.create(resource.replace('.', '-'));
        Path program = directory.resolve(resource);
        Path output = directory.resolve("log");
        try (InputStream source = PythonClient.class.getResourceAsStream("/python/" + resource)) {
            if (source == null) {
                throw new IllegalArgumentException("no resource python/" + resource);
            }
            Files.copy(source, program);
            List<String> command = new ArrayList<>(
                    List.of(PythonEnvironment.get().program("python").toString(), program.toString()));
            command.addAll(List.of(arguments));
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            boolean ended = process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS);
            if (!ended) {
                process.destroyForcibly();
            }
            String text = Files.readString(output, StandardCharsets.UTF_8);
            if (!ended || process.exitValue() != 0) {
                throw new AssertionError("%s %s:\n%s"
                        .formatted(
                                resource,
                                ended ? "failed with " + process.exitValue() : "did not end in " + LIMIT,
                                text));
            }
            return text;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
