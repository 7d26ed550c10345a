package io.leafd.store;

import io.leafd.store.engine.Engine;
import io.leafd.store.files.LostFiles;
import io.leafd.store.loop.StoreException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file {@code FORMAT}: which format the directory has and who wrote it. Looked at before RocksDB touches anything, so that a
 * store of a newer leafd is left exactly as it is.
 *
 * <pre>
 *   leafd store
 *   format 1
 *   written by leafd 0.1.0
 *   check 1a2b3c4d
 * </pre>
 *
 * The last line is the CRC32C of the three lines before, without the last line end: a flipped bit must not look like a newer format.
 */
final class FormatFile {
    /** The format this release reads and writes. */
    static final int FORMAT = 1;

    private static final Logger log = LoggerFactory.getLogger(FormatFile.class);
    static final String NAME = "FORMAT";
    private static final String TITLE = "leafd store";
    private static final String FORMAT_PREFIX = "format ";
    private static final String WRITER_PREFIX = "written by ";
    private static final String CHECK_PREFIX = "check ";

    private FormatFile() {}

    /**
     * Checks the file, or makes it in a directory without a database. One that is lost or damaged is made anew, if the directory
     * holds a store beyond doubt.
     *
     * @param database its directory
     * @throws StoreException.Unusable if the format is newer, or the directory is not a store; nothing was changed
     */
    static void checkOrMake(Path directory, Path database, String writer) {
        Path file = directory.resolve(NAME);
        try {
            boolean present = Files.isRegularFile(file);
            if (present && check(directory, read(file))) {
                return;
            }
            if (Engine.present(database) && !isOurs(directory, database)) {
                throw new StoreException.Unusable(
                        directory + " holds a database but no valid file " + NAME
                                + ", and nothing else of a leafd store: use another data_dir, or restore the backup",
                        null);
            }
            if (present) {
                Path kept = new LostFiles(directory).move(file, NAME);
                log.error("store format file was damaged and is made anew file={} damaged_one={}", file, kept);
            } else if (Engine.present(database)) {
                log.error("store format file is missing and is made anew file={}", file);
            }
            make(directory, file, writer);
        } catch (IOException e) {
            throw new StoreException.Unusable("cannot read or write " + file + ": " + e, e);
        }
    }

    private static boolean isOurs(Path directory, Path database) {
        boolean marked =
                Files.exists(directory.resolve(TipFile.NAME)) || Files.exists(directory.resolve(DefinitionsFile.NAME));
        return marked && !Engine.foreign(database);
    }

    /**
     * Checks the file of a directory that is only looked at; what is wrong with it, null if nothing.
     *
     * @throws StoreException.Unusable if the format is newer, or the directory is no store
     */
    static @Nullable String problem(Path directory, boolean databasePresent) {
        Path file = directory.resolve(NAME);
        try {
            if (!Files.isRegularFile(file)) {
                if (!databasePresent) {
                    throw new StoreException.Unusable(
                            directory + " is not a leafd store: it has no file " + NAME, null);
                }
                return "is missing";
            }
            return check(directory, read(file)) ? null : "is damaged";
        } catch (IOException e) {
            return "cannot be read: " + e;
        }
    }

    private static String read(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    }

    /** Whether the text is whole and of a format that this release reads; false if it is damaged. */
    private static boolean check(Path directory, String text) {
        String[] lines = text.split("\n");
        if (lines.length < 3
                || !lines[0].equals(TITLE)
                || !lines[1].startsWith(FORMAT_PREFIX)
                || !lines[2].startsWith(WRITER_PREFIX)) {
            return false;
        }
        boolean sound = lines.length > 3
                ? lines[3].equals(checkLine(lines[0], lines[1], lines[2]))
                : lines[1].equals(FORMAT_PREFIX + FORMAT);
        if (!sound) {
            return false;
        }
        String format = lines[1].substring(FORMAT_PREFIX.length());
        boolean known = format.matches("\\d{1,9}") && Integer.parseInt(format) <= FORMAT;
        if (!known) {
            throw new StoreException.Unusable(
                    "store " + directory + " has format " + format + ", written by "
                            + lines[2].substring(WRITER_PREFIX.length()) + "; this leafd reads up to format " + FORMAT
                            + ": install the newer version again. Nothing was changed",
                    null);
        }
        return true;
    }

    /** The text of a file. */
    static String text(int format, String writer) {
        String[] lines = {TITLE, FORMAT_PREFIX + format, WRITER_PREFIX + writer};
        return String.join("\n", lines) + "\n" + checkLine(lines) + "\n";
    }

    private static String checkLine(String... lines) {
        var crc = new CRC32C();
        crc.update(String.join("\n", lines).getBytes(StandardCharsets.UTF_8));
        return CHECK_PREFIX + "%08x".formatted(crc.getValue());
    }

    private static void make(Path directory, Path file, String writer) throws IOException {
        Path draft = directory.resolve(NAME + ".new");
        Files.writeString(draft, text(FORMAT, writer), StandardCharsets.UTF_8);
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
