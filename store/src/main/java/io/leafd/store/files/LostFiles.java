package io.leafd.store.files;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The directory {@code lost} of a store: files that were taken out because they are damaged, copies of what a rescue replaced, and
 * the report of what was lost. leafd never deletes anything in it; the owner of the box may. Any thread, one at a time.
 */
public final class LostFiles {
    private static final String REPORT = "report";

    private final Path directory;

    /** The lost files of a store, which need not be there yet. */
    public LostFiles(Path store) {
        this.directory = store.resolve("lost");
    }

    /** Where they are. */
    public Path directory() {
        return directory;
    }

    /** Moves a file in, under a name that is still free. */
    public Path move(Path file, String name) throws IOException {
        Files.createDirectories(directory);
        return Files.move(file, free(name));
    }

    /** Copies a file in, under a name that is still free. */
    public Path copy(Path file, String name) throws IOException {
        Files.createDirectories(directory);
        return Files.copy(file, free(name), StandardCopyOption.COPY_ATTRIBUTES);
    }

    /** Files with this ending, in order of their names. */
    public List<Path> list(String ending) throws IOException {
        var found = new ArrayList<Path>();
        if (Files.isDirectory(directory)) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*" + ending)) {
                files.forEach(found::add);
            }
        }
        found.sort(null);
        return found;
    }

    /** The file that tells what was lost and when; it need not be there. */
    public Path reportFile() {
        return directory.resolve(REPORT);
    }

    /** Adds a line to the report, with the time. */
    public void report(Instant when, String sentence) throws IOException {
        Files.createDirectories(directory);
        Files.writeString(
                reportFile(),
                when + " " + sentence + "\n",
                StandardCharsets.UTF_8,
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
    }

    /** The lines of the report, oldest first. */
    public List<String> report() throws IOException {
        Path report = reportFile();
        return Files.exists(report)
                ? new String(Files.readAllBytes(report), StandardCharsets.UTF_8)
                        .lines()
                        .toList()
                : List.of();
    }

    private Path free(String name) {
        Path path = directory.resolve(name);
        for (int i = 2; Files.exists(path); i++) {
            path = directory.resolve(i + "." + name);
        }
        return path;
    }
}
