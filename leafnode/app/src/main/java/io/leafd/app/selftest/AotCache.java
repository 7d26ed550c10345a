package io.leafd.app.selftest;

import io.leafd.app.OwnProgram;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes the AOT cache: classes read, checked and linked ahead of time, which a later start maps into memory.
 *
 * <p>Java records from its own start on, so the run that is recorded is a second process: the command line of this one with
 * {@code -XX:AOTCacheOutput} in front and a plain {@code self-test} behind. A cache holds only for the same runtime, the same
 * jars in the same order, and the same kind of heap; Java passes over one that does not fit.
 *
 * <p>Source: JEP 514 (one-step caches), JDK 25.
 */
public final class AotCache {
    private AotCache() {}

    /**
     * Runs the self-test once more, recorded.
     *
     * @param file replaced at once when all went well, and untouched otherwise; readable by everybody
     * @throws IOException with what the recorded process said
     */
    public static void make(Path file) throws IOException, InterruptedException {
        Path unfinished = file.resolveSibling(file.getFileName() + ".tmp");
        Path said = Files.createTempFile("leafd-aot-", ".log");
        try {
            ProcessBuilder builder = new ProcessBuilder(recorded(OwnProgram.words(), unfinished))
                    .redirectErrorStream(true)
                    .redirectOutput(said.toFile());
            Process process = builder.start();
            try {
                process.waitFor();
            } finally {
                process.destroy(); // when this process is told to end, so is that one
            }
            if (process.exitValue() != 0 || !Files.exists(unfinished)) {
                throw new IOException("no AOT cache was made, exit code " + process.exitValue() + ": "
                        + Files.readString(said, StandardCharsets.UTF_8).strip());
            }
            Files.setPosixFilePermissions(unfinished, PosixFilePermissions.fromString("rw-r--r--"));
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(unfinished);
            Files.deleteIfExists(said);
        }
    }

    /** The words of this process's command line, changed so that Java records a self-test. */
    static List<String> recorded(List<String> words, Path output) {
        List<String> program = OwnProgram.ofWords(words);
        List<String> recorded = new ArrayList<>();
        recorded.add(words.getFirst());
        recorded.add("-XX:AOTCacheOutput=" + output.toAbsolutePath());
        for (String word : program) {
            if (!word.startsWith("-XX:AOT")) {
                recorded.add(word);
            }
        }
        recorded.addAll(List.of("self-test", "--quiet"));
        return recorded;
    }
}
