package io.leafd.test.peer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A directory under {@code target} into which a package manager installs something once, from the registry that it is configured
 * for. Any thread, any process.
 *
 * <p>A file lock lets the first of several builds install while the others wait; a file with the versions inside says that it is
 * complete, so that an interrupted installation is done again. What cannot be installed makes the scenarios fail: they never pass
 * because nothing was run.
 */
final class Installation {
    private static final long STEP_MAX_S = 300;

    private final Path directory;

    private Installation(Path directory) {
        this.directory = directory;
    }

    /** What installs: runs the package manager. */
    interface Steps {
        void run(Installation into) throws IOException;
    }

    /**
     * Makes it unless it is there.
     *
     * @param name of the directory below {@code target}
     * @param wanted what is installed, with versions; another text makes it anew
     */
    static Path make(String name, List<String> wanted, Steps steps) {
        Path directory = TestDirectory.target().resolve(name);
        Path lock = TestDirectory.target().resolve(name + ".lock");
        Path complete = directory.resolve("complete");
        String content = String.join("\n", wanted);
        try {
            Files.createDirectories(TestDirectory.target());
            try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock held = channel.lock()) {
                assert held.isValid();
                if (!Files.exists(complete) || !Files.readString(complete).equals(content)) {
                    TestDirectory.delete(directory);
                    steps.run(new Installation(directory));
                    Files.writeString(complete, content);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return directory;
    }

    /** Where it goes; not there before the first step makes it. */
    Path directory() {
        return directory;
    }

    /**
     * Runs one step to its end.
     *
     * @param needed what the machine must have for it, for the message of a failure
     */
    void step(List<String> command, String needed) throws IOException {
        Path output = directory.resolveSibling(directory.getFileName() + ".log");
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
            throw new IOException("the scenarios need " + needed + ": " + command, e);
        }
        if (status != 0) {
            throw new IOException("""
                    What leafd is compared with could not be installed.
                    Command: %s
                    Exit status: %d
                    Output:
                    %s
                    Needed: %s.""".formatted(
                    String.join(" ", command), status, Files.readString(output, StandardCharsets.UTF_8), needed));
        }
    }
}
