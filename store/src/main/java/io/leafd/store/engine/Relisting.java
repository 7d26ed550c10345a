package io.leafd.store.engine;

import io.leafd.store.crypt.StoreKeys;
import io.leafd.store.files.LostFiles;
import io.leafd.store.files.RecordLog;
import io.leafd.store.files.RocksRepair;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.DBOptions;
import org.rocksdb.FlushOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

/**
 * Makes a new list of tables from the tables that are there. Used once, by the store loop.
 *
 * <p>RocksDB's repair drops what its log holds for families that occur in no table. Therefore a small database with the same
 * families, whose ids are the same since they are made in the same order, lends a table of each family with one record. Its key
 * stands behind all others; {@link #settle} deletes it.
 *
 * <p>The repair puts all tables on the first level, where the newest table wins a look-up whatever its records' ages are. That does
 * for messages, which never change. {@link #settle} has the families merged whose records do change; what is derived from messages
 * is derived anew by the store.
 */
final class Relisting {
    private static final byte[] LAST_KEY = new byte[32];
    private static final List<Family> MERGED =
            List.of(Family.METADATA, Family.DELETED, Family.MSG_IDS, Family.CONSUMERS, Family.CURSORS);

    static {
        Arrays.fill(LAST_KEY, (byte) 0xff);
    }

    private final Path directory;
    private final LostFiles lost;

    Relisting(EngineConfig config, LostFiles lost) {
        this.directory = config.directory();
        this.lost = lost;
    }

    /** Whether a log has a place that cannot be read with records behind it; a torn end is none. */
    static boolean logsDamaged(Path directory) throws IOException {
        boolean[] damaged = new boolean[1];
        try (DirectoryStream<Path> logs = Files.newDirectoryStream(directory, "*.log")) {
            for (Path file : logs) {
                RecordLog.read(file, new RecordLog.Visitor() {
                    private boolean broken;

                    @Override
                    public void record(byte[] bytes) {
                        damaged[0] |= broken;
                    }

                    @Override
                    public void damaged(long offset, String problem) {
                        broken = true;
                    }
                });
            }
        }
        return damaged[0];
    }

    /** Does it. Answers tables that could not be read; they are among the lost files now. */
    List<LostTable> run() throws IOException {
        lendFamilies();
        RocksRepair.repair(directory);
        var unreadable = new ArrayList<LostTable>();
        Path left = directory.resolve("lost");
        if (Files.isDirectory(left)) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(left)) {
                for (Path file : files) {
                    String name = file.getFileName().toString();
                    lost.move(file, name);
                    if (name.endsWith(".sst")) {
                        unreadable.add(new LostTable(name, null, 0, Long.MAX_VALUE));
                    }
                }
            }
            Files.delete(left);
        }
        return unreadable;
    }

    /** After the opening: takes the lent records out and has the small families merged. */
    static void settle(Database database) throws RocksDBException {
        for (Family family : Family.values()) {
            database.delete(family, LAST_KEY);
        }
        for (Family family : MERGED) {
            database.compact(family);
        }
    }

    private void lendFamilies() throws IOException {
        Path lender = directory.resolveSibling("families.tmp");
        clear(lender);
        makeFamilies(lender);
        long number = TableFiles.highestNumber(directory);
        try (DirectoryStream<Path> tables = Files.newDirectoryStream(lender, "*.sst")) {
            for (Path table : tables) {
                Files.move(table, directory.resolve("%06d.sst".formatted(++number)));
            }
        }
        clear(lender);
    }

    private static void makeFamilies(Path lender) throws IOException {
        var descriptors = new ArrayList<ColumnFamilyDescriptor>();
        for (Family family : Family.values()) {
            descriptors.add(new ColumnFamilyDescriptor(family.nameBytes()));
        }
        ByteBuffer value = ByteBuffer.allocate(Records.HEADER_BYTES);
        new Records(StoreKeys.NONE).seal(ByteBuffer.wrap(LAST_KEY), value);
        var handles = new ArrayList<ColumnFamilyHandle>();
        try (var options = new DBOptions().setCreateIfMissing(true).setCreateMissingColumnFamilies(true);
                var flush = new FlushOptions();
                RocksDB made = RocksDB.open(options, lender.toString(), descriptors, handles)) {
            for (ColumnFamilyHandle handle : handles) {
                made.put(handle, LAST_KEY, value.array());
            }
            made.flush(flush, handles);
            handles.forEach(ColumnFamilyHandle::close);
        } catch (RocksDBException e) {
            throw new IOException("no tables for the repair can be made in " + lender + ": " + e.getMessage(), e);
        }
    }

    private static void clear(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                Files.delete(file);
            }
        }
        Files.delete(directory);
    }
}
