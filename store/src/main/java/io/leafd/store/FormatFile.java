package io.leafd.store;

import io.leafd.store.loop.StoreException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * The file {@code FORMAT}: which format the directory has and who wrote it. Looked at before RocksDB touches anything, so that a
 * store of a newer leafd is left exactly as it is.
 *
 * <pre>
 *   leafd store
 *   format 1
 *   written by leafd 0.1.0
 * </pre>
 */
final class FormatFile {
    /** The format this release reads and writes. */
    static final int FORMAT = 1;

    private static final String NAME = "FORMAT";
    private static final String TITLE = "leafd store";
    private static final String FORMAT_PREFIX = "format ";
    private static final String WRITER_PREFIX = "written by ";

    private FormatFile() {}

    /**
     * Checks the file, or makes it in a directory without a database.
     *
     * @throws StoreException.Unusable if the format is newer, or the directory is not a store
     */
    static void checkOrMake(Path directory, boolean databasePresent, String writer) {
        Path file = directory.resolve(NAME);
        try {
            if (Files.exists(file)) {
                check(directory, Files.readString(file));
            } else if (databasePresent) {
                throw new StoreException.Unusable(
                        directory + " holds a database but no file " + NAME
                                + "; it is not a leafd store, or the file was lost: restore it from the backup",
                        null);
            } else {
                make(directory, file, writer);
            }
        } catch (IOException e) {
            throw new StoreException.Unusable("cannot read or write " + file + ": " + e, e);
        }
    }

    /** {@link #checkOrMake} without making anything. */
    static void check(Path directory) {
        Path file = directory.resolve(NAME);
        try {
            if (!Files.exists(file)) {
                throw new StoreException.Unusable(directory + " is not a leafd store: it has no file " + NAME, null);
            }
            check(directory, Files.readString(file));
        } catch (IOException e) {
            throw new StoreException.Unusable("cannot read " + file + ": " + e, e);
        }
    }

    private static void check(Path directory, String text) {
        String[] lines = text.split("\n");
        if (lines.length < 3 || !lines[0].equals(TITLE) || !lines[1].startsWith(FORMAT_PREFIX)) {
            throw new StoreException.Unusable(
                    directory.resolve(NAME) + " is damaged: it should begin with \"" + TITLE + "\" and \""
                            + FORMAT_PREFIX + "N\"; restore it from the backup",
                    null);
        }
        int format;
        try {
            format = Integer.parseInt(lines[1].substring(FORMAT_PREFIX.length()).strip());
        } catch (NumberFormatException e) {
            throw new StoreException.Unusable(directory.resolve(NAME) + " is damaged: " + lines[1], e);
        }
        if (format > FORMAT) {
            String writer =
                    lines[2].startsWith(WRITER_PREFIX) ? lines[2].substring(WRITER_PREFIX.length()) : "a newer leafd";
            throw new StoreException.Unusable(
                    "store " + directory + " has format " + format + ", written by " + writer
                            + "; this leafd reads up to format " + FORMAT
                            + ": install the newer version again. Nothing was changed",
                    null);
        }
    }

    private static void make(Path directory, Path file, String writer) throws IOException {
        String text = TITLE + "\n" + FORMAT_PREFIX + FORMAT + "\n" + WRITER_PREFIX + writer + "\n";
        Path draft = directory.resolve(NAME + ".new");
        Files.writeString(draft, text, StandardCharsets.UTF_8);
        sync(draft, StandardOpenOption.WRITE);
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        sync(directory, StandardOpenOption.READ);
    }

    private static void sync(Path path, StandardOpenOption how) throws IOException {
        try (FileChannel channel = FileChannel.open(path, how)) {
            channel.force(true);
        }
    }
}
