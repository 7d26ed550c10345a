package io.leafd.store.files;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * RocksDB's list of its tables: the file {@code MANIFEST-N}, and {@code CURRENT}, which names it. Pure functions on a directory that
 * nobody has open.
 */
public final class ManifestFile {
    private static final String CURRENT = "CURRENT";
    private static final String PREFIX = "MANIFEST-";
    private static final Pattern NAME = Pattern.compile(PREFIX + "(\\d{6,18})");
    /** Field numbers of RocksDB's {@code db/version_edit.h}. */
    private static final int DELETED_FILE = 6;

    private static final int COLUMN_FAMILY = 200;

    private ManifestFile() {}

    /** A table to be struck off the list: id of its column family, level, number of the file. */
    public record Table(int familyId, int level, long number) {}

    /** The file that CURRENT names; null if CURRENT is missing, unreadable, or names no file that is there. */
    public static @Nullable Path current(Path directory) throws IOException {
        Path current = directory.resolve(CURRENT);
        if (!Files.isRegularFile(current)) {
            return null;
        }
        String text = new String(Files.readAllBytes(current), StandardCharsets.ISO_8859_1);
        if (!text.endsWith("\n") || !NAME.matcher(text.strip()).matches()) {
            return null;
        }
        Path named = directory.resolve(text.strip());
        return Files.isRegularFile(named) ? named : null;
    }

    /** All MANIFEST files, newest first. */
    public static List<Path> all(Path directory) throws IOException {
        var found = new ArrayList<Path>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, PREFIX + "*")) {
            for (Path file : files) {
                if (NAME.matcher(file.getFileName().toString()).matches()) {
                    found.add(file);
                }
            }
        }
        found.sort((one, other) -> Long.compare(number(other), number(one)));
        return found;
    }

    /** The number in its name. */
    public static long number(Path manifest) {
        Matcher matcher = NAME.matcher(manifest.getFileName().toString());
        if (!matcher.matches()) {
            throw new IllegalArgumentException("not a MANIFEST: " + manifest);
        }
        return Long.parseLong(matcher.group(1));
    }

    /** Has CURRENT name this file. */
    public static void makeCurrent(Path manifest) throws IOException {
        Path directory = manifest.resolveSibling(".");
        replace(
                directory.resolve(CURRENT).normalize(),
                (manifest.getFileName() + "\n").getBytes(StandardCharsets.US_ASCII));
    }

    /** Replaces the file by one that says as its last word that these tables are no longer part of the database. */
    public static void strikeOff(Path manifest, List<Table> tables) throws IOException {
        long end = RecordLog.read(manifest, new RecordLog.Visitor() {});
        byte[] present = Files.readAllBytes(manifest);
        var changed = new ByteArrayOutputStream();
        changed.writeBytes(Arrays.copyOf(present, (int) end));
        for (Table table : tables) {
            changed.writeBytes(RecordLog.framed(edit(table), changed.size()));
        }
        replace(manifest, changed.toByteArray());
    }

    private static byte[] edit(Table table) {
        var edit = new ByteArrayOutputStream();
        varint(edit, DELETED_FILE);
        varint(edit, table.level);
        varint(edit, table.number);
        varint(edit, COLUMN_FAMILY);
        varint(edit, table.familyId);
        return edit.toByteArray();
    }

    private static void varint(ByteArrayOutputStream to, long number) {
        long left = number;
        while (left > 0x7f) {
            to.write((int) (left & 0x7f | 0x80));
            left >>>= 7;
        }
        to.write((int) left);
    }

    /** Writes a file and syncs it, then puts it in the place of another, and syncs the directory. */
    private static void replace(Path file, byte[] bytes) throws IOException {
        Path draft = file.resolveSibling(file.getFileName() + ".dbtmp"); // RocksDB removes leftovers of this name
        Files.write(draft, bytes);
        sync(draft, StandardOpenOption.WRITE);
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        sync(file.resolveSibling("."), StandardOpenOption.READ);
    }

    private static void sync(Path path, StandardOpenOption how) throws IOException {
        try (FileChannel channel = FileChannel.open(path, how)) {
            channel.force(true);
        }
    }
}
