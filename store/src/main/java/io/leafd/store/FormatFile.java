package io.leafd.store;

import io.leafd.store.crypt.StoreKeys;
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
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
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
 *
 * <p>A store with encrypted records has format 2, so that an older leafd does not take them for damaged ones, and two more lines:
 *
 * <pre>
 *   keys 00112233445566778899aabbccddeeff 102132435465768798a9bacbdcedfe0f
 *   check 5e6f7a8b
 * </pre>
 *
 * The fingerprints of {@link KeyMark}, and the CRC32C of the five lines before.
 */
final class FormatFile {
    /** The format of a store in the clear. */
    static final int FORMAT = 1;

    /** The format of a store that holds encrypted records, or has been opened to take some. */
    static final int FORMAT_ENCRYPTED = 2;

    private static final Logger log = LoggerFactory.getLogger(FormatFile.class);
    static final String NAME = "FORMAT";
    private static final String TITLE = "leafd store";
    private static final String FORMAT_PREFIX = "format ";
    private static final String WRITER_PREFIX = "written by ";
    private static final String KEYS_PREFIX = "keys ";
    private static final String CHECK_PREFIX = "check ";
    private static final int LINES = 4;
    private static final int LINES_ENCRYPTED = 6;
    private static final Pattern FINGERPRINTS = Pattern.compile("[0-9a-f]{32}( [0-9a-f]{32})*");

    private FormatFile() {}

    /**
     * Checks the file, or makes it in a directory without a database. One that is lost or damaged is made anew, if the directory
     * holds a store beyond doubt. Notes the key that encrypts from now on.
     *
     * @param database its directory
     * @throws StoreException.Unusable if the format is newer, the directory is not a store, or a key is missing; nothing was changed
     */
    static void checkOrMake(Path directory, Path database, String writer, StoreKeys keys) {
        Path file = directory.resolve(NAME);
        try {
            boolean present = Files.isRegularFile(file);
            List<String> mark = present ? mark(directory, read(file)) : null;
            if (mark != null) {
                KeyMark.check(directory, mark, keys);
                List<String> wanted = KeyMark.with(mark, keys);
                if (!wanted.equals(mark)) {
                    make(directory, file, writer, wanted);
                    log.info("store is encrypted from now on directory={} keys={}", directory, keys);
                }
                return;
            }
            if (Engine.present(database) && !isOurs(directory, database)) {
                throw new StoreException.Unusable(
                        directory + " holds a database but no valid file " + NAME
                                + ", and nothing else of a leafd store: use another data_dir, or restore the backup",
                        null);
            }
            List<String> found = KeyMark.ofDatabase(directory, database);
            KeyMark.check(directory, found, keys);
            if (present) {
                Path kept = new LostFiles(directory).move(file, NAME);
                log.error("store format file was damaged and is made anew file={} damaged_one={}", file, kept);
            } else if (Engine.present(database)) {
                log.error("store format file is missing and is made anew file={}", file);
            }
            make(directory, file, writer, KeyMark.with(found, keys));
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
            return mark(directory, read(file)) == null ? "is damaged" : null;
        } catch (IOException e) {
            return "cannot be read: " + e;
        }
    }

    /**
     * The fingerprints of the keys that a store needs, which is only looked at; from elsewhere if the file is lost or damaged.
     *
     * @throws StoreException.Unusable if the format is newer
     */
    static List<String> keys(Path directory, Path database) throws IOException {
        Path file = directory.resolve(NAME);
        List<String> mark = Files.isRegularFile(file) ? mark(directory, read(file)) : null;
        return mark == null ? KeyMark.ofDatabase(directory, database) : mark;
    }

    /** Replaces the fingerprints. */
    static void remark(Path directory, String writer, List<String> mark) {
        Path file = directory.resolve(NAME);
        try {
            make(directory, file, writer, mark);
        } catch (IOException e) {
            throw new StoreException.Unavailable("cannot write " + file + ": " + e, e);
        }
    }

    private static String read(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    }

    /** What a text of a format that this release reads says about keys: nothing is an empty list. Null if it is damaged. */
    private static @Nullable List<String> mark(Path directory, String text) {
        String[] lines = text.split("\n");
        if (lines.length < 3
                || !lines[0].equals(TITLE)
                || !lines[1].startsWith(FORMAT_PREFIX)
                || !lines[2].startsWith(WRITER_PREFIX)) {
            return null;
        }
        boolean sound = lines.length > 3
                ? lines[3].equals(checkLine(lines[0], lines[1], lines[2]))
                : lines[1].equals(FORMAT_PREFIX + FORMAT);
        if (!sound) {
            return null;
        }
        String format = lines[1].substring(FORMAT_PREFIX.length());
        boolean known = format.matches("\\d{1,9}") && Integer.parseInt(format) <= FORMAT_ENCRYPTED;
        if (!known) {
            throw new StoreException.Unusable(
                    "store " + directory + " has format " + format + ", written by "
                            + lines[2].substring(WRITER_PREFIX.length()) + "; this leafd reads up to format "
                            + FORMAT_ENCRYPTED
                            + ": install the newer version again. Nothing was changed",
                    null);
        }
        return Integer.parseInt(format) == FORMAT_ENCRYPTED ? fingerprints(lines) : List.of();
    }

    private static @Nullable List<String> fingerprints(String[] lines) {
        if (lines.length < LINES_ENCRYPTED || !lines[LINES].startsWith(KEYS_PREFIX)) {
            return null;
        }
        String fingerprints = lines[LINES].substring(KEYS_PREFIX.length());
        boolean sound = lines[LINES + 1].equals(checkLine(Arrays.copyOf(lines, LINES + 1)))
                && FINGERPRINTS.matcher(fingerprints).matches();
        return sound ? List.of(fingerprints.split(" ")) : null;
    }

    /** The text of a file in the clear. */
    static String text(int format, String writer) {
        return withCheck(TITLE, FORMAT_PREFIX + format, WRITER_PREFIX + writer);
    }

    /** The text of the file of a store that needs these keys. */
    private static String text(String writer, List<String> mark) {
        return mark.isEmpty()
                ? text(FORMAT, writer)
                : withCheck((text(FORMAT_ENCRYPTED, writer) + KEYS_PREFIX + String.join(" ", mark)).split("\n"));
    }

    private static String withCheck(String... lines) {
        return String.join("\n", lines) + "\n" + checkLine(lines) + "\n";
    }

    private static String checkLine(String... lines) {
        var crc = new CRC32C();
        crc.update(String.join("\n", lines).getBytes(StandardCharsets.UTF_8));
        return CHECK_PREFIX + "%08x".formatted(crc.getValue());
    }

    private static void make(Path directory, Path file, String writer, List<String> mark) throws IOException {
        Path draft = directory.resolve(NAME + ".new");
        Files.writeString(draft, text(writer, mark), StandardCharsets.UTF_8);
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
