package io.leafd.store;

import io.leafd.store.engine.Engine;
import io.leafd.store.engine.EngineConfig;
import io.leafd.store.engine.Family;
import io.leafd.store.engine.LastSync;
import io.leafd.store.files.LostFiles;
import io.leafd.store.log.DamageLedger;
import io.leafd.store.log.DamageListener;
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
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDB;
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
 *              tip       how far it had come with the last sync
 *              definitions  a copy of what makes messages reachable
 *              lost/     what was taken out as damaged, and a report
 *              db/       RocksDB
 * </pre>
 *
 * <p>When a write or sync fails: everything waiting is told, the database is closed and opened again with back-off (a quarter of a
 * second to two seconds) until that works, all state is read anew, listeners hear {@link StoreListener#onReopened}. Going on
 * with the same opening was rejected: after a failed fsync nobody knows what is on the disk.
 */
public final class Store implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Store.class);
    /** Directory of the database within the store. */
    static final String DATABASE = "db";

    private static final String SNAPSHOT = "snapshot";

    private static final String WRITER = "leafd 0.1.0";
    private static final long REOPEN_FIRST_NS = 250_000_000L;
    private static final long REOPEN_MAX_NS = 2_000_000_000L;
    /** For so long after a failure, at most, the inbox is emptied before the store is opened anew. */
    private static final long TELLING_MAX_NS = 100_000_000L;

    private static final long TELLING_STEP_NS = 1_000_000L;
    private static final long LOOK_NS = 1_000_000_000L;
    private static final long LOOK_FULL_NS = 250_000_000L;
    /** How often a full store looks for dead files again. */
    private static final long RECLAIM_NS = 10_000_000_000L;

    private static final int CACHE_SHARE = 8;
    private static final int HEAP_SHARE = 6;
    /** Larger streams are not rebuilt while others are served: it would keep the loop from everybody for seconds. */
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
    private final FullDiskWatch watch;
    private final TipFile tip;
    private final DefinitionsFile definitions;
    /** Of the present opening; null before the first. */
    private @Nullable Recovery recovery;
    /** While streams are loaded, damage is collected. */
    private boolean loading;

    /** Streams rebuilt since the opening. */
    private final Set<Long> rebuilt = new HashSet<>();

    private final Losses losses = new Losses();
    private final List<StoreListener> listeners = new ArrayList<>();
    private volatile StoreMetrics metrics;
    private volatile boolean available;
    private volatile long generation;
    private long reclaimedNs;
    private int reopenAttempt;
    private boolean softSyncScheduled;
    private boolean closed;

    private Store(StoreConfig config, DirectoryLock lock, LongSupplier nanoTime) {
        this.config = config;
        this.lock = lock;
        Path database = database();
        boolean syncAlways = config.syncInterval() == null;
        engine = new Engine(
                new EngineConfig(database, config.memoryBytes(), config.maxDiskBytes(), syncAlways, config.keys()),
                nanoTime);
        loop = new StoreLoop(LoopBounds.DEFAULT, nanoTime, engine);
        tip = new TipFile(config.directory());
        definitions = new DefinitionsFile(config.directory(), engine);
        resources = new LogResources(engine, loop, new DamageLedger(damage()), tip, cacheBytes(config.memoryBytes()));
        ids = new Ids(engine);
        streams = new StreamRegistry(engine, loop, resources, ids, definitions::changed);
        consumers = new ConsumerRegistry(engine, ids, definitions::changed);
        cursors = new CursorStore(engine);
        budget = new DiskBudget(config, database, engine);
        watch = new FullDiskWatch(loop, budget::spareBytes, budget::full);
        metrics = measured();
        reclaimedNs = nanoTime.getAsLong();
    }

    /** What caches of our own may take: a share of the store's memory, but of the heap no more than it has to spare. */
    private static long cacheBytes(long memoryBytes) {
        return Math.min(memoryBytes / CACHE_SHARE, Runtime.getRuntime().maxMemory() / HEAP_SHARE);
    }

    /** Loads the library of the database, which takes its time, before it is needed. Any thread. */
    public static void loadLibrary() {
        RocksDB.loadLibrary();
    }

    /**
     * Opens or makes the store. Takes seconds at most whatever its size: work grows with the number of streams only.
     *
     * @throws StoreException.Unusable if the directory is held by another process, was written by a newer format, is no store,
     *     cannot be written, or needs a key that was not given; nothing was changed in it
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
            FormatFile.checkOrMake(directory, database, WRITER, config.keys());
            var store = new Store(config, lock, nanoTime);
            store.openFirst();
            return store;
        } catch (RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    /** Starts the loop's thread, and the one that watches it. */
    public void start() {
        loop.start();
        watch.start();
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

    /**
     * Any thread. Whether a sync keeps everybody waiting on a disk that is full or about to be: whoever waits for an answer is refused
     * at once then. What it refuses in the inbox is {@link io.leafd.store.loop.Refusable}.
     */
    public boolean refusing() {
        return watch.refusing();
    }

    /** Any thread. Counts openings, from 1. */
    public long generation() {
        return generation;
    }

    /**
     * On the loop. Normally 0. After an opening that found the newest part of the database lost, so many of the newest sequences of
     * this stream were given to messages that are not there any more, acknowledged ones among them: exactly so many, or at most, if
     * the file {@code tip} is lost as well. Who owns a stream whose sequences were given away goes on behind them ({@link
     * StreamLog#skipTo}), so that no sequence is given twice; a mirror fetches them again.
     */
    public long lostTailMax(StreamLog stream) {
        return recovery == null ? 0 : recovery.lostTailMax(stream);
    }

    /**
     * Any thread. What is lost or damaged as far as it was met: when the store was opened, and when messages were read. What was put
     * back ({@link StreamLog#putBack}) is struck off.
     */
    public List<StreamLoss> losses() {
        return losses.list();
    }

    /** On the loop. The sequences of a stream that were lost with the end of the log are there again, durably. */
    public void refetched(StreamLog stream, long firstSeq, long lastSeq) {
        losses.strike(stream.account(), stream.name(), firstSeq, lastSeq);
    }

    /** On the loop. Whether messages of this stream were met that are on disk and cannot be read. */
    public boolean hasUnreadable(StreamLog stream) {
        return !losses.unreadable(stream.account(), stream.name()).isEmpty();
    }

    /**
     * On the loop. Has the store opened anew without the tables that hold unreadable messages, once what was staged is durable. Their
     * sound records are kept, and what was unreadable is {@link StreamLog#lost} afterwards, so that it can be put back. Everybody waits
     * meanwhile: for about a second per million messages of the streams concerned. Therefore only if these have few enough.
     *
     * @return false if there are no such tables, or a stream is too large
     */
    public boolean takeOutUnreadable(StreamLog stream) {
        for (DamagedRange range : losses.unreadable(stream.account(), stream.name())) {
            stream.get(range.firstSeq()); // it may have been met at an earlier opening: which table it is in shows now
        }
        if (!engine.hasUnreadable() || stream.messages() > REBUILD_MESSAGES_MAX) {
            return false;
        }
        loop.afterCommit(() -> {
            if (available && engine.hasUnreadable()) {
                engine.commit(true); // what another completion staged
                log.warn("store is opened anew without tables that cannot be read directory={}", config.directory());
                engine.suspectUnreadable();
                reopen();
            }
        });
        return true;
    }

    /** Any thread. How many lines {@code lost/report} has, which tells what all openings found, this process's or earlier ones. */
    public int reportLines() {
        return losses.reportLines();
    }

    /** Any thread. That report, which may not be there; reading it waits for the disk. */
    public Path report() {
        return new LostFiles(config.directory()).reportFile();
    }

    /** Any thread. Numbers for monitoring. */
    public StoreMetrics metrics() {
        return metrics;
    }

    /**
     * On the loop. Lays out a store that is this one as it is now, of hard links as far as possible: it takes room only as this one
     * changes. Copy it with {@link StoreBackup#ofSnapshot}, then {@link #dropSnapshot}.
     *
     * @return its directory, within this store's; one from before was removed
     */
    public Path snapshot() {
        dropSnapshot();
        Path snapshot = config.directory().resolve(SNAPSHOT);
        try {
            Files.createDirectories(snapshot);
            engine.checkpoint(snapshot.resolve(DATABASE));
            definitions.tend(Long.MAX_VALUE, streams.list());
            for (String name : new String[] {TipFile.NAME, DefinitionsFile.NAME, FormatFile.NAME}) {
                Files.copy(config.directory().resolve(name), snapshot.resolve(name));
            }
            return snapshot;
        } catch (IOException e) {
            throw new StoreException.Unavailable("no snapshot can be made in " + snapshot + ": " + e, e);
        }
    }

    /** On the loop, or before {@link #start}. Removes the snapshot, if there is one. */
    public void dropSnapshot() {
        Path snapshot = config.directory().resolve(SNAPSHOT);
        if (!Files.isDirectory(snapshot)) {
            return;
        }
        try (Stream<Path> files = Files.walk(snapshot)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new StoreException.Unavailable("the snapshot in " + snapshot + " cannot be removed: " + e, e);
        }
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
        engine.onSynced(tip::synced);
        engine.onSoft(this::scheduleSoftSync);
        try {
            openUntilSound(engine::open);
        } catch (RuntimeException e) {
            engine.close();
            throw e;
        }
        dropSnapshot(); // one that a crash left behind would keep its files from being freed
        available = true;
        generation = engine.openings();
        budget.look();
        metrics = measured();
        loop.schedule(LOOK_NS, this::look);
        scheduleSync();
        log.info(
                "store opened directory={} streams={} used_bytes={} keys={}",
                config.directory(),
                streams.list().size(),
                budget.usage().usedBytes(),
                config.keys());
    }

    /** Opens and loads; if that meets a table that cannot be read, once more without it. Ends: each round takes a table out. */
    private void openUntilSound(Consumer<LastSync> opening) {
        loading = true;
        try {
            while (true) {
                try {
                    TipFile.Tip known = TipFile.read(config.directory());
                    opening.accept(known == null ? LastSync.UNKNOWN : known.lastSync(database()));
                    load(known);
                    return;
                } catch (StoreException e) {
                    boolean again = engine.hasSuspects() || (engine.outOfSpace() && budget.releaseReserve());
                    if (!again) {
                        throw e;
                    }
                }
            }
        } catch (IOException e) {
            throw new StoreException.Unavailable("the database in " + database() + " cannot be looked at: " + e, e);
        } finally {
            loading = false;
        }
    }

    private void load(TipFile.@Nullable Tip known) {
        resources.clear();
        cursors.forget();
        rebuilt.clear();
        KeyMark.check(config.directory(), KeyMark.read(engine), config.keys()); // before anything is taken for damage
        var opened = new Recovery(engine, config.directory(), known);
        recovery = opened;
        if (opened.needed() || Salvage.isDue(config.directory())) {
            opened.before();
        }
        markKeys();
        ids.load();
        if (opened.idsUncertain()) {
            ids.leap();
        }
        if (streams.load() > 0 && opened.restoreDefinitions()) {
            streams.load();
        }
        Map<StreamLog, List<DamagedRange>> lost = opened.after(streams.list());
        tip.open(
                known,
                streams.list().stream().map(StreamLog::id).collect(Collectors.toSet()),
                engine.latestSequence(),
                database());
        if (!engine.wreckage().tables().isEmpty()) {
            losses.forgetUnreadable();
        }
        lost.forEach((stream, ranges) -> ranges.forEach(range -> publish(stream, range)));
        for (StreamLog stream : streams.list()) {
            stream.lost().forEach(range -> losses.add(stream.account(), stream.name(), range));
        }
        losses.look(new LostFiles(config.directory()));
    }

    /** The database names the keys it needs as well, in case {@code FORMAT} is lost. */
    private void markKeys() {
        List<String> mark = KeyMark.read(engine);
        List<String> wanted = KeyMark.with(mark, config.keys());
        if (!wanted.equals(mark)) {
            KeyMark.write(engine, wanted);
            definitions.changed();
        }
    }

    /** Before {@link #start}. All records were encrypted with the key that encrypts now: older ones are not needed any more. */
    void forgetOlderKeys() {
        List<String> mark = List.of(config.keys().fingerprints().getFirst());
        KeyMark.write(engine, mark);
        engine.commit(true);
        definitions.changed();
        FormatFile.remark(config.directory(), WRITER, mark);
    }

    private Path database() {
        return config.directory().resolve(DATABASE);
    }

    /** Called in the middle of an operation: only notes and plans. What can be derived from messages is derived anew, once. */
    private void corrupt(Family family, long streamId, String problem) {
        if (family == Family.MESSAGES) {
            return; // shown to readers as damaged range
        }
        log.error("store record is damaged family={} stream_id={} problem={}", family, streamId, problem);
        if (loading || !engine.up()) {
            return; // opened anew, and then made right
        }
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

    /** Consumers' positions and acknowledgements were written without sync: one sync a little later serves all of them. */
    private void scheduleSoftSync() {
        if (!softSyncScheduled) {
            softSyncScheduled = true;
            loop.schedule(Engine.SOFT_MAX_NS, () -> {
                softSyncScheduled = false;
                engine.sync();
            });
        }
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
        if (loading) {
            return; // who opens it hears of it by the exception
        }
        available = false;
        reopenAttempt = 0;
        log.error(
                "store failed, nothing is acknowledged until it was reopened directory={}", config.directory(), cause);
        long failedNs = loop.nanoTime();
        loop.schedule(0, () -> {
            listeners.forEach(listener -> listener.onFailed(cause));
            reopenOnceTold(failedNs);
        });
    }

    /** Reopening takes the loop for up to seconds: first, who waits in its inbox is told that nothing can be taken in. */
    private void reopenOnceTold(long failedNs) {
        if (loop.queuedItems() > 0 && loop.nanoTime() - failedNs < TELLING_MAX_NS) {
            loop.schedule(TELLING_STEP_NS, () -> reopenOnceTold(failedNs));
        } else {
            reopen();
        }
    }

    private void reopen() {
        if (closed) {
            return;
        }
        if (engine.outOfSpace()) {
            budget.releaseReserve();
        }
        budget.look();
        try {
            openUntilSound(engine::reopen);
        } catch (StoreException e) {
            long delayNs = Math.min(REOPEN_MAX_NS, REOPEN_FIRST_NS << Math.min(reopenAttempt++, 10));
            log.warn("store not reopened yet attempt={} error={}", reopenAttempt, e.getMessage());
            loop.schedule(delayNs, this::reopen);
            return;
        }
        generation = engine.openings();
        available = true;
        metrics = measured();
        log.info("store reopened directory={} generation={}", config.directory(), generation);
        listeners.forEach(listener -> listener.onReopened(generation));
    }

    private void look() {
        boolean wasFull = budget.full();
        budget.look();
        tip.look(database());
        if (engine.up()) {
            definitions.tend(loop.nanoTime(), streams.list());
        }
        metrics = measured();
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

    private DamageListener damage() {
        return new DamageListener() {
            @Override
            public void met(long streamId, DamagedRange range) {
                StreamLog stream = streams.find(streamId);
                if (loading && recovery != null) {
                    recovery.met(streamId, range);
                } else if (stream != null) {
                    publish(stream, range);
                }
            }

            @Override
            public void settled(long streamId, long firstSeq, long lastSeq) {
                StreamLog stream = streams.find(streamId);
                if (stream != null) {
                    losses.strike(stream.account(), stream.name(), firstSeq, lastSeq);
                }
            }
        };
    }

    private void publish(StreamLog stream, DamagedRange range) {
        losses.add(stream.account(), stream.name(), range);
        log.error("store lost messages, or holds damaged ones stream={} range={}", stream, range);
        listeners.forEach(listener -> listener.onDamage(stream, range));
    }

    private StoreMetrics measured() {
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
                budget.usage());
    }

    /** Runs what is queued, commits, ends the loop and closes the files. Idempotent. Not on the loop's thread. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        watch.stop();
        loop.close();
        long sequence = 0;
        try {
            if (engine.up()) {
                definitions.tend(Long.MAX_VALUE, streams.list());
                engine.sync();
                sequence = engine.latestSequence();
            }
        } finally {
            engine.close();
            if (sequence > 0) {
                tip.lookAtSettled(database());
                tip.synced(sequence);
            }
            tip.close();
            available = false;
            lock.close();
        }
    }
}
