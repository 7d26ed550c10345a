package io.leafd.store.engine;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.rocksdb.LiveFileMetaData;
import org.rocksdb.Options;
import org.rocksdb.RocksDBException;
import org.rocksdb.SstFileReader;

/** The table files of a database that nobody has open: which there should be, and which of them cannot be read. Pure functions. */
final class TableFiles {
    private static final Pattern NUMBERED = Pattern.compile("(\\d{6,18})\\.(sst|log)");
    private static final Pattern NAMED = Pattern.compile("(\\d{6,18})\\.sst");

    private TableFiles() {}

    /** A table as the database lists it. */
    record Listed(Path file, long number, Family family, int level, long bytes, long firstOwner, long lastOwner) {}

    /** All tables that the database consists of. */
    static List<Listed> list(EngineConfig config) throws RocksDBException {
        try (Database database = Database.openReadOnly(config)) {
            return list(config.directory(), database);
        }
    }

    static List<Listed> list(Path directory, Database database) {
        var tables = new ArrayList<Listed>();
        for (LiveFileMetaData table : database.tables()) {
            String name = table.fileName().replace("/", "");
            tables.add(new Listed(
                    directory.resolve(name),
                    number(name),
                    Family.named(table.columnFamilyName()),
                    table.level(),
                    table.size(),
                    Keys.owner(ByteBuffer.wrap(table.smallestKey())),
                    Keys.owner(ByteBuffer.wrap(table.largestKey()))));
        }
        return tables;
    }

    /** Why a table cannot be used at all: missing, of another length, its ends unreadable. Null if it can; blocks are not read. */
    static @Nullable String problem(Listed table, Options options) throws IOException {
        if (!Files.isRegularFile(table.file)) {
            return "is missing";
        }
        long bytes = Files.size(table.file);
        if (bytes != table.bytes) {
            return "has " + bytes + " bytes instead of " + table.bytes;
        }
        try (var reader = new SstFileReader(options)) {
            reader.open(table.file.toString());
            return null;
        } catch (RocksDBException e) {
            return "cannot be read: " + e.getMessage();
        }
    }

    /** {@link #problem}, and every block of it is read. */
    static @Nullable String problemWithin(Listed table, Options options) throws IOException {
        String problem = problem(table, options);
        if (problem != null) {
            return problem;
        }
        try (var reader = new SstFileReader(options)) {
            reader.open(table.file.toString());
            reader.verifyChecksum();
            return null;
        } catch (RocksDBException e) {
            return "is damaged: " + e.getMessage();
        }
    }

    /** Numbers of the tables that a message of RocksDB names. */
    static Set<Long> named(@Nullable String message) {
        var numbers = new HashSet<Long>();
        Matcher matcher = NAMED.matcher(message == null ? "" : message);
        while (matcher.find()) {
            numbers.add(Long.parseLong(matcher.group(1)));
        }
        return numbers;
    }

    /** Highest number that a table or log of the directory has. */
    static long highestNumber(Path directory) throws IOException {
        long highest = 0;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                highest = Math.max(highest, number(file.getFileName().toString()));
            }
        }
        return highest;
    }

    private static long number(String name) {
        Matcher matcher = NUMBERED.matcher(name);
        return matcher.matches() ? Long.parseLong(matcher.group(1)) : 0;
    }
}
