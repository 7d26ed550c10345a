package io.leafd.store.engine;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The database's logs, {@code 000012.log}. Pure functions. */
final class LogFiles {
    private static final String SUFFIX = ".log";

    private LogFiles() {}

    /** All of them, oldest first. */
    static List<Path> all(Path directory) throws IOException {
        var files = new ArrayList<Path>();
        if (Files.isDirectory(directory)) {
            try (DirectoryStream<Path> logs = Files.newDirectoryStream(directory, "*" + SUFFIX)) {
                logs.forEach(files::add);
            }
        }
        files.removeIf(file -> number(file) < 0);
        files.sort((one, other) -> Long.compare(number(one), number(other)));
        return files;
    }

    /** The one that is written to, null if there is none. */
    static @Nullable Path newest(Path directory) {
        String[] names = directory.toFile().list((of, name) -> name.endsWith(SUFFIX));
        String newest = null;
        for (String name : names == null ? new String[0] : names) {
            if (newest == null || number(name) > number(newest)) {
                newest = name;
            }
        }
        return newest == null || number(newest) < 0 ? null : directory.resolve(newest);
    }

    private static long number(Path file) {
        return number(file.getFileName().toString());
    }

    private static long number(String name) {
        try {
            return Long.parseLong(name.substring(0, name.length() - SUFFIX.length()));
        } catch (NumberFormatException e) {
            return -1; // nobody of ours
        }
    }
}
