package io.leafd.test.faults;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Somebody who has nothing to do with the others: a {@link Requester} and its responder, in a process of their own. In the one of the
 * test, which keeps books of millions of messages, the pauses of Java's collector would count as the server's. It waits for no other
 * process either, where that is allowed. Owned by one thread.
 */
final class Bystander implements AutoCloseable {
    private static final long END_MAX_SECONDS = 10;

    private final Process process;
    private final BufferedReader answers;

    /**
     * What it waited for.
     *
     * @param count answers that came
     * @param missing answers that did not come within {@value Requester#ANSWER_SECONDS} s
     * @param text the same and the percentiles, to be read
     */
    record Waits(int count, int missing, String text) {
        @Override
        public String toString() {
            return text;
        }
    }

    private Bystander(Process process) {
        this.process = process;
        this.answers = process.inputReader(StandardCharsets.US_ASCII);
    }

    /** Begins to ask, by way of the server that listens on this port. */
    static Bystander of(int port) {
        var command = new ArrayList<>(Processors.before());
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xmx64m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Bystander.class.getName(),
                Integer.toString(port)));
        try {
            return new Bystander(new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What it waited for since the last call. */
    Waits take() {
        try {
            process.getOutputStream().write('\n');
            process.getOutputStream().flush();
            String line = answers.readLine();
            if (line == null) {
                throw new AssertionError("the bystander has ended; its last words are above");
            }
            String[] parts = line.split("\t", 3);
            return new Waits(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]), parts[2]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            process.getOutputStream().close(); // it ends then
            if (!process.waitFor(END_MAX_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            process.destroyForcibly();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    /** Asks, and says how that went whenever it gets a line, until there is no more of them. */
    public static void main(String[] args) throws IOException {
        int port = Integer.parseInt(args[0]);
        new Requester.Responder(port).start();
        var requester = new Requester(port);
        requester.start();
        var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        while (lines.readLine() != null) {
            System.out.println(requester.latencies().take());
        }
        System.exit(0);
    }
}
