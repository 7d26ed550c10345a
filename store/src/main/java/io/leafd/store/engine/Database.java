package io.leafd.store.engine;

import io.leafd.store.loop.StoreException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.rocksdb.Checkpoint;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.CompactRangeOptions;
import org.rocksdb.CompactRangeOptions.BottommostLevelCompaction;
import org.rocksdb.LiveFileMetaData;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WALRecoveryMode;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/** One opening of the RocksDB directory with all its native objects. Owned by the store loop. */
final class Database implements BatchWriter, AutoCloseable {
    private final Tuning tuning;
    private final RocksDB db;
    private final Map<Family, ColumnFamilyHandle> handles = new EnumMap<>(Family.class);
    private final ReadOptions lookups = new ReadOptions();
    /** Scans pass over much that nobody asks for again: they do not push lookups out of the cache. */
    private final ReadOptions scans = new ReadOptions().setFillCache(false).setBackgroundPurgeOnIteratorCleanup(true);

    private final WriteOptions unsynced = new WriteOptions();
    private final WriteOptions synced = new WriteOptions().setSync(true);

    private Database(Tuning tuning, RocksDB db, List<ColumnFamilyHandle> handles) {
        this.tuning = tuning;
        this.db = db;
        Family[] families = Family.values();
        for (int i = 0; i < families.length; i++) {
            this.handles.put(families[i], handles.get(i));
        }
    }

    /** Opens for reading and writing; makes what is missing. */
    static Database open(EngineConfig config, WALRecoveryMode walRecovery) throws RocksDBException {
        RocksDB.loadLibrary();
        var tuning = new Tuning(config, walRecovery);
        var handles = new ArrayList<ColumnFamilyHandle>();
        try {
            String directory = config.directory().toString();
            RocksDB db = RocksDB.open(tuning.dbOptions(), directory, tuning.families(), handles);
            return new Database(tuning, db, handles);
        } catch (RocksDBException e) {
            tuning.close();
            throw e;
        }
    }

    /**
     * Opens without changing a byte, and without looking whether all tables are there. What cannot be read of the WAL is left out.
     */
    static Database openReadOnly(EngineConfig config) throws RocksDBException {
        RocksDB.loadLibrary();
        var tuning = new Tuning(config, WALRecoveryMode.SkipAnyCorruptedRecords).silent();
        var handles = new ArrayList<ColumnFamilyHandle>();
        try {
            String directory = config.directory().toString();
            RocksDB db = RocksDB.openReadOnly(tuning.dbOptions(), directory, tuning.families(), handles);
            return new Database(tuning, db, handles);
        } catch (RocksDBException e) {
            tuning.close();
            throw e;
        }
    }

    ColumnFamilyHandle handle(Family family) {
        ColumnFamilyHandle handle = handles.get(family);
        if (handle == null) {
            throw new IllegalStateException("no column family for " + family);
        }
        return handle;
    }

    /** Length of the value and, in {@code value}, as much of it as fits; {@link RocksDB#NOT_FOUND} without it. */
    int get(Family family, ByteBuffer key, ByteBuffer value) throws RocksDBException {
        return db.get(handle(family), lookups, key, value);
    }

    RocksIterator iterator(Family family) {
        return db.newIterator(handle(family), scans);
    }

    @Override
    public void write(WriteBatch batch, boolean sync) throws RocksDBException {
        db.write(sync ? synced : unsynced, batch);
    }

    @Override
    public void sync() throws RocksDBException {
        db.syncWal();
    }

    /** Frees the files that hold nothing but keys of the range; the caller knows that nobody reads those any more. */
    void dropFiles(Family family, byte[] from, byte[] to) throws RocksDBException {
        db.deleteFilesInRanges(handle(family), List.of(from, to), false);
    }

    /** The tables that the database consists of. */
    List<LiveFileMetaData> tables() {
        return db.getLiveFilesMetaData();
    }

    /** Counts the records ever written. */
    long latestSequence() {
        return db.getLatestSequenceNumber();
    }

    /** Makes a directory that is this database as it is now, of hard links as far as possible. */
    void checkpoint(Path target) throws RocksDBException {
        try (Checkpoint checkpoint = Checkpoint.create(db)) {
            checkpoint.createCheckpoint(target.toString());
        }
    }

    /** Deletes a record. */
    void delete(Family family, byte[] key) throws RocksDBException {
        db.delete(handle(family), unsynced, key);
    }

    /** Rewrites a family, so that only the newest version of each record is left. */
    void compact(Family family) throws RocksDBException {
        db.compactRange(handle(family));
    }

    /** Writes all tables of a family anew, also those that have nothing above them. */
    void rewrite(Family family) throws RocksDBException {
        try (var options =
                new CompactRangeOptions().setBottommostLevelCompaction(BottommostLevelCompaction.kForceOptimized)) {
            db.compactRange(handle(family), null, null, options);
        }
    }

    /** A number RocksDB keeps, summed over all families. */
    long property(String name) {
        try {
            return db.getAggregatedLongProperty(name);
        } catch (RocksDBException e) {
            throw new StoreException.Unavailable("RocksDB does not tell " + name, e);
        }
    }

    @Override
    public void close() {
        lookups.close();
        scans.close();
        unsynced.close();
        synced.close();
        for (ColumnFamilyHandle handle : handles.values()) {
            handle.close();
        }
        db.close();
        tuning.close();
    }
}
