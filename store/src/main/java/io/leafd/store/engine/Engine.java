package io.leafd.store.engine;

import io.leafd.store.loop.GroupCommit;
import io.leafd.store.loop.StoreException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;

/**
 * The database as the rest of the store sees it: stage, look up, scan, commit, fail, reopen. Owned by the store loop.
 *
 * <pre>
 *   put, delete ─▶ WriteGroup ── readThrough ──▶ RocksDB (unsynced) ──┐
 *   later ───────▶   (batch)  ── commit ───────▶ RocksDB (one fsync) ─┴▶ completions
 *
 *   soft records only, nobody waits for the medium: no fsync in this group, one within 100 ms
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
    /** Soft records are on the medium after this time at the latest. */
    public static final long SOFT_MAX_NS = 100_000_000;

    static {
        RocksDB.loadLibrary(); // before the first native object below
    }

    private final EngineConfig config;
    private final boolean syncAlways;
    private final LongSupplier nanoTime;
    private final Records records;
    private final WriteGroup group;
    private final CommitCounters counters = new CommitCounters();
    private final List<Scan> pool = new ArrayList<>();
    private ByteBuffer value = ByteBuffer.allocateDirect(16 << 10);

    private LogRoom room;
    private @Nullable Database database;
    private @Nullable BatchWriter writer;
    private StoreException.@Nullable Unavailable failure;
    private Consumer<StoreException.Unavailable> onFailure = cause -> {};
    private CorruptionListener corruptions = (family, streamId, problem) -> {};
    private LongConsumer onSynced = sequence -> {};
    private Runnable onSoft = () -> {};
    private final SuspectTables suspects = new SuspectTables();
    private Wreckage wreckage = Wreckage.NONE;
    private boolean readOnly;
    private boolean outOfSpace;
    private boolean unsynced; // something written is not on the medium yet
    private boolean owed; // and must be, before anybody hears of the group
    private long writes;
    private long openings;

    /** An engine that is not open yet. */
    public Engine(EngineConfig config, LongSupplier nanoTime) {
        this.config = config;
        this.syncAlways = config.syncAlways();
        this.nanoTime = nanoTime;
        this.records = new Records(config.keys());
        this.group = new WriteGroup(records);
        this.room = new LogRoom(config.directory());
    }

    /** Who hears of the first failure of an opening. Called in the middle of some operation: it may only take notes. */
    public void onFailure(Consumer<StoreException.Unavailable> listener) {
        onFailure = listener;
    }

    /** Who hears that soft records were written and not synced: it calls {@link #sync} within {@link #SOFT_MAX_NS}. */
    public void onSoft(Runnable listener) {
        onSoft = listener;
    }

    /** Who hears of damaged records; set before {@link #open}. */
    public void onCorruption(CorruptionListener listener) {
        corruptions = listener;
    }

    /** Who hears of each successful sync, with the number of records ever written: all of them are on the medium. */
    public void onSynced(LongConsumer listener) {
        onSynced = listener;
    }

    /** Whether there is anything of a database in this directory. */
    public static boolean present(Path directory) {
        return Opening.present(directory);
    }

    /**
     * Opens the database, making it if missing, and putting right what of it is damaged: see {@link #wreckage}.
     *
     * @param last what is known of the last sync before
     * @throws StoreException.Unavailable if that fails; may be tried again
     */
    public void open(LastSync last) {
        closeDatabase();
        Database opened = openDatabase(last);
        database = opened;
        writer = opened;
        failure = null;
        unsynced = false;
        owed = false;
        openings++;
        group.attach(opened);
        room = new LogRoom(config.directory());
        room.look();
    }

    /**
     * Closes what is left of a failed opening and opens again; see {@link #open}. Never makes a database: if it is gone, perhaps
     * with its mount, an empty one must not take its place.
     */
    public void reopen(LastSync last) {
        if (!present(config.directory())) {
            throw new StoreException.Unavailable("the database in " + config.directory() + " is gone", null);
        }
        open(last);
    }

    /** Whether the database in this directory, which nobody has open, is one of somebody else; false too if that cannot be told. */
    public static boolean foreign(Path directory) {
        try (var options = new Options()) {
            return RocksDB.listColumnFamilies(options, directory.toString()).stream()
                    .anyMatch(name -> !Family.isName(name));
        } catch (RocksDBException e) {
            return false;
        }
    }

    /** What was wrong with the files at this opening, and was put right. */
    public Wreckage wreckage() {
        return wreckage;
    }

    /** Whether tables were found unreadable since the opening, which the next opening will take out. */
    public boolean hasSuspects() {
        return suspects.any();
    }

    /** Whether readers met tables of messages of which a part cannot be read. */
    public boolean hasUnreadable() {
        return suspects.anyPatchy();
    }

    /** Has the next opening take those out as well. */
    public void suspectUnreadable() {
        suspects.suspectPatchy();
    }

    /** Whether the last failure of a write or of an opening came from a full disk. */
    public boolean outOfSpace() {
        return outOfSpace;
    }

    /** Counts the records ever written, staged ones not. */
    public long latestSequence() {
        return database().latestSequence();
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
            corrupted(family, Keys.owner(key.position(keyAt)), String.valueOf(e.getMessage()));
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
            corrupted(family, Keys.owner(key), problem);
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
        var scan = new Scan(family, records, this::corrupted);
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

    /**
     * Makes a directory that is this database as it is now, with all that was staged, of hard links as far as possible.
     *
     * @param target on the same file system; must not exist
     */
    public void checkpoint(Path target) {
        readThrough();
        sync();
        try {
            database().checkpoint(target);
        } catch (RocksDBException e) {
            throw fail("making a checkpoint", e);
        }
    }

    /** Bytes that compaction still has to rewrite, as RocksDB estimates it: space it may need on top of the files. */
    public long compactionDebtBytes() {
        return database().property("rocksdb.estimate-pending-compaction-bytes");
    }

    @Override
    public boolean pending() {
        return !group.isEmpty() || owed;
    }

    @Override
    public boolean full() {
        return group.bytes() >= WriteGroup.BYTES_MAX;
    }

    @Override
    public void commit(boolean durable) {
        try {
            database();
            if (!group.isEmpty()) {
                group.encode();
                write(syncAlways && (durable || owed || group.hard()));
                if (syncAlways && unsynced) {
                    onSoft.run();
                }
            } else if (owed || (syncAlways && durable)) {
                sync();
            }
        } finally {
            releaseScans();
        }
    }

    /**
     * Opens the database for looking at it only: not a byte is changed, and what is staged is never written.
     *
     * @throws StoreException.Unavailable if even that is not possible; the message says why
     */
    public void openReadOnly() {
        try {
            Database opened = Database.openReadOnly(config);
            database = opened;
            readOnly = true;
            openings++;
            group.attach(opened);
        } catch (RocksDBException e) {
            throw new StoreException.Unavailable("the list of tables cannot be read: " + e.getMessage(), e);
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
        owed = false;
        synced(nanoTime.getAsLong() - startedNs);
    }

    private void synced(long tookNs) {
        counters.synced(tookNs);
        long sequence = latestSequence();
        group.synced(sequence);
        onSynced.accept(sequence);
    }

    private void write(boolean sync) {
        BatchWriter to = writer();
        group.encode();
        boolean hard = group.hard();
        long startedNs = nanoTime.getAsLong();
        long bytes;
        try {
            bytes = group.write(to, sync);
        } catch (RocksDBException e) {
            throw fail("writing", e);
        }
        writes++;
        unsynced = !sync;
        owed = syncAlways && !sync && (owed || hard);
        counters.written(bytes);
        if (sync) {
            synced(nanoTime.getAsLong() - startedNs);
        }
        room.written(group.logBytes());
    }

    /**
     * Tells of damage. A table of messages may have a damaged block: readers pass over it. In the other families one unreadable
     * block would come in the way of everything again and again, so the store is opened anew, without that table.
     */
    private void corrupted(Family family, long streamId, String problem) {
        if (family == Family.MESSAGES) {
            suspects.addPatchy(TableFiles.named(problem));
        } else if (!readOnly && suspects.add(TableFiles.named(problem))) {
            fail("reading " + family.familyName(), problem, null);
        }
        corruptions.corrupt(family, streamId, problem);
    }

    private StoreException.Unavailable fail(String doing, RocksDBException cause) {
        if (cause.getStatus() != null && cause.getStatus().getCode() == Status.Code.Corruption) {
            suspects.add(TableFiles.named(cause.getMessage())); // a compaction met them, and RocksDB writes no more
        }
        outOfSpace = isOutOfSpace(cause);
        return fail(doing, String.valueOf(cause.getMessage()), cause);
    }

    private static boolean isOutOfSpace(Exception e) {
        return String.valueOf(e.getMessage()).contains("No space left on device");
    }

    private StoreException.Unavailable fail(String doing, String problem, @Nullable RocksDBException cause) {
        var unavailable = new StoreException.Unavailable(
                doing + " failed in " + config.directory() + ": " + problem
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

    /** Has all tables of a family written anew, so that nothing is left in the files of what was replaced or deleted. Takes its time. */
    public void rewrite(Family family) {
        try {
            database().rewrite(family);
        } catch (RocksDBException e) {
            throw fail("rewriting " + family.familyName(), e);
        }
    }

    /** Has a family rewritten now, as RocksDB does it sooner or later by itself. For tests. */
    void compact(Family family) throws RocksDBException {
        database().compact(family);
    }

    /** Puts something else where batches go. For tests of failing disks. */
    void divert(UnaryOperator<BatchWriter> diversion) {
        writer = diversion.apply(writer());
    }

    private Database openDatabase(LastSync last) {
        var opening = new Opening(config, suspects.numbers());
        try {
            Database opened = opening.open(last);
            wreckage = opening.wreckage();
            suspects.clear();
            outOfSpace = false;
            return opened;
        } catch (RocksDBException | IOException e) {
            outOfSpace = isOutOfSpace(e);
            throw new StoreException.Unavailable(
                    "opening the store in " + config.directory() + " failed: " + e.getMessage(), e);
        }
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
