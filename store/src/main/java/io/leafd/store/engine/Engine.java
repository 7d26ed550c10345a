package io.leafd.store.engine;

import io.leafd.store.loop.GroupCommit;
import io.leafd.store.loop.StoreException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;
import org.rocksdb.WALRecoveryMode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The database as the rest of the store sees it: stage, look up, scan, commit, fail, reopen. Owned by the store loop.
 *
 * <pre>
 *   put, delete ─▶ WriteGroup ── readThrough ──▶ RocksDB (unsynced) ──┐
 *   later ───────▶   (batch)  ── commit ───────▶ RocksDB (one fsync) ─┴▶ completions
 * </pre>
 *
 * <p>How reads see staged writes: caches above (subject entries, recent messages, bitmaps) keep what they staged until it is
 * written, so most reads never come here. A read that does come here and may concern staged records first calls {@link
 * #readThrough}: the batch is written without sync, and the sync at the end of the group covers it. RocksDB's indexed batch
 * was rejected: it costs twice the CPU for every write, and has no range deletes.
 *
 * <p>Invariants:
 *
 * <ol>
 *   <li>Operations above read first and stage afterwards, so that a write between never cuts one operation in two.
 *   <li>After a failed write or sync nothing more is written to this opening: RocksDB's memory, our memory and the disk may all
 *       differ. Everything throws until {@link #reopen}, and all state above is read anew.
 *   <li>Nothing is closed while a scan is borrowed: a failure only marks; {@link #reopen} runs as work of its own.
 * </ol>
 */
public final class Engine implements GroupCommit, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Engine.class);

    /** No message takes less in the WAL: two keys, two headers, numbers. */
    private static final int WAL_RECORD_BYTES_MIN = 80;

    static {
        RocksDB.loadLibrary(); // before the first native object below
    }

    private final EngineConfig config;
    private final boolean syncAlways;
    private final LongSupplier nanoTime;
    private final WriteGroup group = new WriteGroup();
    private final CommitCounters counters = new CommitCounters();
    private final List<Scan> pool = new ArrayList<>();
    private final Records records = new Records();
    private ByteBuffer value = ByteBuffer.allocateDirect(16 << 10);

    private @Nullable Database database;
    private @Nullable BatchWriter writer;
    private StoreException.@Nullable Unavailable failure;
    private Consumer<StoreException.Unavailable> onFailure = cause -> {};
    private CorruptionListener corruptions = (family, streamId, problem) -> {};
    private boolean unsynced;
    private long lostRecordsMax;
    private long writes;
    private long openings;

    /** An engine that is not open yet. */
    public Engine(EngineConfig config, LongSupplier nanoTime) {
        this.config = config;
        this.syncAlways = config.syncAlways();
        this.nanoTime = nanoTime;
    }

    /** Who hears of the first failure of an opening. Called in the middle of some operation: it may only take notes. */
    public void onFailure(Consumer<StoreException.Unavailable> listener) {
        onFailure = listener;
    }

    /** Who hears of damaged records; set before {@link #open}. */
    public void onCorruption(CorruptionListener listener) {
        corruptions = listener;
    }

    /**
     * Opens the database, making it if missing.
     *
     * @throws StoreException.Unavailable if that fails; may be tried again
     */
    public void open() {
        Database opened = openDatabase();
        database = opened;
        writer = opened;
        failure = null;
        unsynced = false;
        openings++;
        group.attach(opened);
    }

    /**
     * Closes what is left of a failed opening and opens again; see {@link #open}. Never makes a database: if it is gone, perhaps
     * with its mount, an empty one must not take its place.
     */
    public void reopen() {
        closeDatabase();
        if (!Files.exists(config.directory().resolve("CURRENT"))) {
            throw new StoreException.Unavailable("the database in " + config.directory() + " is gone", null);
        }
        open();
    }

    /** Whether the WAL was damaged in its middle when this opening read it: then any stream may miss messages. */
    public boolean walDamaged() {
        return lostRecordsMax > 0;
    }

    /** After an opening with a damaged WAL: at most so many records of its end were lost; else 0. */
    public long lostRecordsMax() {
        return lostRecordsMax;
    }

    /** Counts successful openings, from 1. */
    public long openings() {
        return openings;
    }

    /** Whether reads and writes are possible. */
    public boolean up() {
        return failure == null && database != null;
    }

    /** @throws StoreException.Unavailable if it is not up */
    public void checkUp() {
        database();
    }

    /** Where operations stage what they write. */
    public WriteGroup group() {
        return group;
    }

    /** What commits cost so far. */
    public CommitCounters counters() {
        return counters;
    }

    /** Writes what is staged, unsynced, so that look-ups and scans see it. */
    public void readThrough() {
        database();
        if (!group.isEmpty()) {
            write(false);
        }
    }

    /**
     * Looks up the key in {@code key} (from position to limit, which stay).
     *
     * @return the value with its record header, unchecked, valid until the next call; null if there is none
     */
    public @Nullable ByteBuffer raw(Family family, ByteBuffer key) {
        int keyAt = key.position();
        try {
            int length = database().get(family, key, value.clear());
            if (length > value.capacity()) {
                value = ByteBuffer.allocateDirect(Integer.highestOneBit(length) * 2);
                key.position(keyAt);
                length = database().get(family, key, value.clear());
            } else if (value.capacity() > WriteGroup.BUFFER_KEEP_BYTES && length < WriteGroup.BUFFER_KEEP_BYTES / 2) {
                ByteBuffer smaller = ByteBuffer.allocateDirect(WriteGroup.BUFFER_KEEP_BYTES);
                value = smaller.put(value.position(0)).flip();
            }
            return length == RocksDB.NOT_FOUND ? null : value.position(0);
        } catch (RocksDBException e) {
            corruptions.corrupt(family, Keys.owner(key.position(keyAt)), String.valueOf(e.getMessage()));
            throw new StoreException.Corrupt(
                    family.familyName() + " " + Keys.toHex(key.position(keyAt)) + " cannot be read: " + e.getMessage(),
                    e);
        } finally {
            key.position(keyAt);
        }
    }

    /** What is wrong with a value from {@link #raw}, null if nothing; then it is positioned at its body. */
    public @Nullable String problem(ByteBuffer key, ByteBuffer raw) {
        return records.problem(key, raw);
    }

    /**
     * Looks up a record and checks it.
     *
     * @return its body, valid until the next call; null if there is none
     * @throws StoreException.Corrupt if it is damaged
     */
    public @Nullable ByteBuffer body(Family family, ByteBuffer key) {
        ByteBuffer raw = raw(family, key);
        if (raw == null) {
            return null;
        }
        String problem = records.problem(key, raw);
        if (problem != null) {
            corruptions.corrupt(family, Keys.owner(key), problem);
            throw new StoreException.Corrupt(family.familyName() + " " + Keys.toHex(key) + ": " + problem, null);
        }
        return raw;
    }

    /** Borrows a scan that sees everything written so far; what is only staged needs {@link #readThrough} first. */
    public Scan scan(Family family) {
        Database open = database();
        for (int i = 0; i < pool.size(); i++) {
            Scan scan = pool.get(i);
            if (scan.family() == family && !scan.borrowed()) {
                return scan.borrow(open, writes);
            }
        }
        var scan = new Scan(family, corruptions);
        pool.add(scan);
        return scan.borrow(open, writes);
    }

    /** Frees files that hold nothing but keys from {@code from} to {@code to}, both durably unreachable. */
    public void dropFiles(Family family, byte[] from, byte[] to) {
        try {
            database().dropFiles(family, from, to);
        } catch (RocksDBException e) {
            throw fail("dropping files of " + family.familyName(), e);
        }
    }

    /** Bytes that compaction still has to rewrite, as RocksDB estimates it: space it may need on top of the files. */
    public long compactionDebtBytes() {
        return database().property("rocksdb.estimate-pending-compaction-bytes");
    }

    @Override
    public boolean pending() {
        return !group.isEmpty() || (syncAlways && unsynced);
    }

    @Override
    public boolean full() {
        return group.bytes() >= WriteGroup.BYTES_MAX;
    }

    @Override
    public void commit() {
        try {
            database();
            if (!group.isEmpty()) {
                write(syncAlways);
            } else if (syncAlways && unsynced) {
                sync();
            }
        } finally {
            releaseScans();
        }
    }

    /** Puts on the medium what was written without sync. */
    public void sync() {
        BatchWriter to = writer();
        if (!unsynced) {
            return;
        }
        long startedNs = nanoTime.getAsLong();
        try {
            to.sync();
        } catch (RocksDBException e) {
            throw fail("syncing the log", e);
        }
        unsynced = false;
        counters.synced(nanoTime.getAsLong() - startedNs);
    }

    private void write(boolean sync) {
        BatchWriter to = writer();
        long startedNs = nanoTime.getAsLong();
        long bytes;
        try {
            bytes = group.write(to, sync);
        } catch (RocksDBException e) {
            throw fail("writing", e);
        }
        writes++;
        unsynced = !sync;
        counters.written(bytes);
        if (sync) {
            counters.synced(nanoTime.getAsLong() - startedNs);
        }
    }

    private StoreException.Unavailable fail(String doing, RocksDBException cause) {
        var unavailable = new StoreException.Unavailable(
                doing + " failed in " + config.directory() + ": " + cause.getMessage()
                        + "; nothing is acknowledged until the store was reopened, which is tried again and again",
                cause);
        if (failure == null) {
            failure = unavailable;
            group.attach(null);
            onFailure.accept(unavailable);
        }
        return unavailable;
    }

    private Database database() {
        if (failure != null) {
            throw failure;
        }
        Database open = database;
        if (open == null) {
            throw new StoreException.Unavailable("the store is closed", null);
        }
        return open;
    }

    private BatchWriter writer() {
        database();
        BatchWriter open = writer;
        if (open == null) {
            throw new StoreException.Unavailable("the store is closed", null);
        }
        return open;
    }

    /** Puts something else where batches go. For tests of failing disks. */
    void divert(UnaryOperator<BatchWriter> diversion) {
        writer = diversion.apply(writer());
    }

    private Database openDatabase() {
        try {
            lostRecordsMax = 0;
            return Database.open(config, WALRecoveryMode.TolerateCorruptedTailRecords);
        } catch (RocksDBException e) {
            if (e.getStatus() == null || e.getStatus().getCode() != Status.Code.Corruption) {
                throw openFailed(e);
            }
            log.error("store log is damaged, opening without the damaged records directory={}", config.directory(), e);
        }
        long recordsMax = walBytes() / WAL_RECORD_BYTES_MIN + 1;
        try {
            Database opened = Database.open(config, WALRecoveryMode.SkipAnyCorruptedRecords);
            lostRecordsMax = recordsMax;
            return opened;
        } catch (RocksDBException e) {
            throw openFailed(e);
        }
    }

    private long walBytes() {
        long bytes = 0;
        try (DirectoryStream<Path> logs = Files.newDirectoryStream(config.directory(), "*.log")) {
            for (Path file : logs) {
                bytes += Files.size(file);
            }
        } catch (IOException e) {
            throw new StoreException.Unavailable("the log in " + config.directory() + " cannot be read: " + e, e);
        }
        return bytes;
    }

    private StoreException.Unavailable openFailed(RocksDBException cause) {
        return new StoreException.Unavailable(
                "opening the store in " + config.directory() + " failed: " + cause.getMessage(), cause);
    }

    private void releaseScans() {
        for (int i = pool.size() - 1; i >= 0; i--) {
            Scan scan = pool.get(i);
            if (!scan.borrowed()) {
                scan.release();
            }
        }
    }

    private void closeDatabase() {
        group.attach(null);
        for (Scan scan : pool) {
            scan.release();
        }
        pool.clear();
        Database open = database;
        database = null;
        writer = null;
        if (open != null) {
            open.close();
        }
    }

    /** Closes the files; what is staged and not committed is lost. Idempotent. */
    @Override
    public void close() {
        closeDatabase();
        group.close();
    }
}
