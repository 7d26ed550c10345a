package io.leafd.store;

import io.leafd.store.engine.Engine;
import io.leafd.store.engine.EngineConfig;
import io.leafd.store.engine.Family;
import io.leafd.store.log.DamageLedger;
import io.leafd.store.log.DamagedRange;
import io.leafd.store.log.LogResources;
import io.leafd.store.log.StreamLog;
import io.leafd.store.loop.LoopBounds;
import io.leafd.store.loop.StoreException;
import io.leafd.store.loop.StoreLoop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The store of one leafd: the directory, the loop, the streams, the consumers, the cursors and the budget.
 *
 * <p>Use: {@link #open}, add listeners, {@link StreamRegistry#list} and build on it, then {@link #start}. Until {@code start} the
 * opening thread owns the loop. Everything but what says <em>any thread</em> belongs to the loop, reads included: no other thread
 * needs a message at the price of sharing state with this one.
 *
 * <pre>
 *   data_dir/  FORMAT    what this is, and who wrote it
 *              LOCK      held while open
 *              reserve   blocks for bad times
 *              db/       RocksDB
 * </pre>
 *
 * <p>When a write or sync fails: everything waiting is told, the database is closed and opened again with back-off (a quarter of a
 * second to two seconds) until that works, all state is read anew, listeners hear {@link StoreListener#onReopened}. Going on
 * with the same opening was rejected: after a failed fsync nobody knows what is on the disk.
 */
public final class Store implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Store.class);
    private static final String DATABASE = "db";
    private static final String WRITER = "leafd 0.1.0";
    private static final long REOPEN_FIRST_NS = 250_000_000L;
    private static final long REOPEN_MAX_NS = 2_000_000_000L;
    private static final long LOOK_NS = 1_000_000_000L;
    private static final long LOOK_FULL_NS = 250_000_000L;
    /** How often a full store looks for dead files again. */
    private static final long RECLAIM_NS = 10_000_000_000L;

    private static final int HEAP_SHARE = 8;
    /** Larger streams are not rebuilt by themselves: it would keep the loop from everybody for seconds. */
    private static final long REBUILD_MESSAGES_MAX = 2_000_000;

    private final StoreConfig config;
    private final DirectoryLock lock;
    private final Engine engine;
    private final StoreLoop loop;
    private final LogResources resources;
    private final StreamRegistry streams;
    private final ConsumerRegistry consumers;
    private final CursorStore cursors;
    private final Ids ids;
    private final DiskBudget budget;
    /** Streams rebuilt since the opening. */
    private final Set<Long> rebuilt = new HashSet<>();

    private final List<StoreListener> listeners = new ArrayList<>();
    private volatile StoreMetrics metrics;
    private volatile boolean available;
    private volatile long generation;
    private long damagedRanges;
    private long reclaimedNs;
    private int reopenAttempt;
    private boolean closed;

    private Store(StoreConfig config, DirectoryLock lock, LongSupplier nanoTime) {
        this.config = config;
        this.lock = lock;
        Path database = config.directory().resolve(DATABASE);
        boolean syncAlways = config.syncInterval() == null;
        engine = new Engine(
                new EngineConfig(database, config.memoryBytes(), config.maxDiskBytes(), syncAlways), nanoTime);
        loop = new StoreLoop(LoopBounds.DEFAULT, nanoTime, engine);
        resources = new LogResources(engine, loop, new DamageLedger(this::damaged), config.memoryBytes() / HEAP_SHARE);
        ids = new Ids(engine);
        streams = new StreamRegistry(engine, loop, resources, ids);
        consumers = new ConsumerRegistry(engine, ids);
        cursors = new CursorStore(engine);
        budget = new DiskBudget(config, database, engine);
        metrics = snapshot();
        reclaimedNs = nanoTime.getAsLong();
    }

    /**
     * Opens or makes the store. Takes seconds at most whatever its size: work grows with the number of streams only.
     *
     * @throws StoreException.Unusable if the directory is held by another process, was written by a newer format, is no store, or
     *     cannot be written; nothing was changed in it
     */
    public static Store open(StoreConfig config, LongSupplier nanoTime) {
        Path directory = config.directory();
        Path database = directory.resolve(DATABASE);
        try {
            Files.createDirectories(database);
        } catch (IOException e) {
            throw new StoreException.Unusable("cannot make " + database + ": " + e, e);
        }
        DirectoryLock lock = DirectoryLock.take(directory);
        try {
            FormatFile.checkOrMake(directory, Files.exists(database.resolve("CURRENT")), WRITER);
            var store = new Store(config, lock, nanoTime);
            store.openFirst();
            return store;
        } catch (RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    /** Starts the loop's thread. */
    public void start() {
        loop.start();
    }

    /** The loop that runs everything on this store. Any thread. */
    public StoreLoop loop() {
        return loop;
    }

    /** The streams. On the loop. */
    public StreamRegistry streams() {
        return streams;
    }

    /** The consumers. On the loop. */
    public ConsumerRegistry consumers() {
        return consumers;
    }

    /** The cursors. On the loop. */
    public CursorStore cursors() {
        return cursors;
    }

    /** The byte budget. */
    public DiskBudget budget() {
        return budget;
    }

    /** On the loop, or before {@link #start}. Adds a listener. */
    public void listen(StoreListener listener) {
        assert loop.inLoop();
        listeners.add(listener);
    }

    /** Any thread. Whether it takes writes at all (it may be full nevertheless); false between a failure and the reopening. */
    public boolean available() {
        return available;
    }

    /** Any thread. Counts openings, from 1. */
    public long generation() {
        return generation;
    }

    /**
     * On the loop. Normally 0. After an opening that found the database's own log damaged, at most so many of the newest messages
     * of each stream were lost without a trace, acknowledged ones among them. Who owns a stream whose sequences were given away
     * then goes on that far behind ({@link StreamLog#skipTo}), so that no sequence is given twice; a mirror fetches them again.
     */
    public long lostTailMax() {
        return engine.lostRecordsMax();
    }

    /** Any thread. Numbers for monitoring. */
    public StoreMetrics metrics() {
        return metrics;
    }

    /** For tests. */
    Engine engine() {
        return engine;
    }

    /** For tests. */
    LogResources resources() {
        return resources;
    }

    private void openFirst() {
        engine.onFailure(this::failed);
        engine.onCorruption(this::corrupt);
        try {
            engine.open();
            load();
        } catch (RuntimeException e) {
            engine.close();
            throw e;
        }
        available = true;
        generation = engine.openings();
        budget.look();
        metrics = snapshot();
        loop.schedule(LOOK_NS, this::look);
        scheduleSync();
        log.info(
                "store opened directory={} streams={} used_bytes={}",
                config.directory(),
                streams.list().size(),
                budget.usage().usedBytes());
    }

    private void load() {
        resources.clear();
        cursors.forget();
        rebuilt.clear();
        ids.load();
        streams.load();
        if (engine.walDamaged()) {
            log.error("store lost part of its newest writes, its log was damaged directory={}", config.directory());
            streams.list().forEach(this::rebuild);
        }
    }

    /** Called in the middle of an operation: only notes and plans. What can be derived from messages is derived anew, once. */
    private void corrupt(Family family, long streamId, String problem) {
        if (family == Family.MESSAGES) {
            return; // shown to readers as damaged range
        }
        log.error("store record is damaged family={} stream_id={} problem={}", family, streamId, problem);
        StreamLog stream = streams.find(streamId);
        boolean derived = family == Family.SUBJECTS || family == Family.INDEX || family == Family.DELETED;
        if (stream != null && derived && rebuilt.add(streamId)) {
            loop.schedule(0, () -> rebuild(stream));
        }
    }

    private void rebuild(StreamLog stream) {
        if (stream.messages() > REBUILD_MESSAGES_MAX) {
            log.error(
                    "stream is too large to be rebuilt while leafd runs, its subject index stays incomplete stream={}",
                    stream);
            return;
        }
        stream.rebuild();
    }

    private void scheduleSync() {
        if (config.syncInterval() == null) {
            return;
        }
        long intervalNs = config.syncInterval().toNanos();
        if (generation == 1) {
            log.warn(
                    "store acknowledges before the disk has it: a power cut loses up to {} of acknowledged messages; "
                            + "set sync = \"always\" to lose none",
                    config.syncInterval());
        }
        loop.schedule(intervalNs, () -> {
            scheduleSync();
            engine.sync();
        });
    }

    /** Called by the engine in the middle of an operation: only notes and plans. */
    private void failed(StoreException.Unavailable cause) {
        available = false;
        reopenAttempt = 0;
        log.error(
                "store failed, nothing is acknowledged until it was reopened directory={}", config.directory(), cause);
        loop.schedule(0, () -> {
            listeners.forEach(listener -> listener.onFailed(cause));
            reopen();
        });
    }

    private void reopen() {
        if (closed) {
            return;
        }
        budget.look(); // with the disk full to the last byte, this gives the reserve back
        try {
            engine.reopen();
            load();
        } catch (StoreException e) {
            long delayNs = Math.min(REOPEN_MAX_NS, REOPEN_FIRST_NS << Math.min(reopenAttempt++, 10));
            log.warn("store not reopened yet attempt={} error={}", reopenAttempt, e.getMessage());
            loop.schedule(delayNs, this::reopen);
            return;
        }
        generation = engine.openings();
        available = true;
        metrics = snapshot();
        log.info("store reopened directory={} generation={}", config.directory(), generation);
        listeners.forEach(listener -> listener.onReopened(generation));
    }

    private void look() {
        boolean wasFull = budget.full();
        budget.look();
        metrics = snapshot();
        boolean full = budget.full();
        if (full != wasFull) {
            log.warn("store full={} usage={}", full, budget.usage());
            listeners.forEach(listener -> listener.onFull(full));
        }
        if (full && engine.up() && loop.nanoTime() - reclaimedNs > RECLAIM_NS) {
            reclaimedNs = loop.nanoTime();
            streams.list().forEach(StreamLog::reclaim);
        }
        loop.schedule(full ? LOOK_FULL_NS : LOOK_NS, this::look);
    }

    private void damaged(long streamId, DamagedRange range) {
        damagedRanges++;
        StreamLog stream = streams.find(streamId);
        log.error("store holds damaged messages stream={} range={}", stream, range);
        if (stream != null) {
            listeners.forEach(listener -> listener.onDamage(stream, range));
        }
    }

    private StoreMetrics snapshot() {
        var counters = engine.counters();
        return new StoreMetrics(
                generation,
                available,
                streams.count(),
                counters.writes(),
                counters.writtenBytes(),
                counters.syncs(),
                counters.syncNs(),
                counters.syncMaxNs(),
                loop.queuedItems(),
                loop.queuedBytes(),
                damagedRanges,
                budget.usage());
    }

    /** Runs what is queued, commits, ends the loop and closes the files. Idempotent. Not on the loop's thread. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        loop.close();
        try {
            if (engine.up()) {
                engine.sync();
            }
        } finally {
            engine.close();
            available = false;
            lock.close();
        }
    }
}
