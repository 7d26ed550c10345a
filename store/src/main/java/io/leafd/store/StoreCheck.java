package io.leafd.store;

import io.leafd.store.crypt.StoreKeys;
import io.leafd.store.engine.Engine;
import io.leafd.store.engine.EngineConfig;
import io.leafd.store.engine.Family;
import io.leafd.store.engine.FileCheck;
import io.leafd.store.engine.Keys;
import io.leafd.store.engine.Scan;
import io.leafd.store.files.LostFiles;
import io.leafd.store.log.DamageLedger;
import io.leafd.store.log.DamageListener;
import io.leafd.store.log.DamagedRange;
import io.leafd.store.log.LogCheck;
import io.leafd.store.log.LogResources;
import io.leafd.store.log.StreamState;
import io.leafd.store.loop.LoopBounds;
import io.leafd.store.loop.StoreException;
import io.leafd.store.loop.StoreLoop;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads a store that no leafd has open, all of it, and says exactly what is wrong. Not thread-safe, used once. Changes no byte: the
 * database is opened for reading only, and a leafd that is started meanwhile is refused.
 *
 * <p>Looked at are the format file, every block of every table, every record's checksum in every family, the write-ahead log and the
 * list of tables, the sequences of every stream against its messages and deletes, the index against the messages, the records of
 * consumers and cursors, and how far the store had come against the file {@code tip}.
 */
public final class StoreCheck {
    private static final long MEMORY_BYTES = 32L << 20;
    private static final long DISK_BYTES = 20L << 30;
    private static final int RECORDS_MAX = 20;

    private final Path directory;
    private final Path database;
    private final StoreKeys keys;
    private final Map<String, String> files = new TreeMap<>();
    private final List<StreamCheck> streams = new ArrayList<>();
    private final List<String> records = new ArrayList<>();
    private long recordCount;

    private StoreCheck(Path directory, StoreKeys keys) {
        this.directory = directory;
        this.keys = keys;
        this.database = directory.resolve(Store.DATABASE);
    }

    /**
     * What was found in one stream.
     *
     * @param account the account it belongs to
     * @param name its name
     * @param numbers what the stream says of itself
     * @param lost messages that should be there, in ranges of sequences
     * @param lostCount how many
     * @param subjects subjects of those, as far as they are known
     * @param problems other disagreements
     */
    public record StreamCheck(
            String account,
            String name,
            StreamState numbers,
            List<DamagedRange> lost,
            long lostCount,
            Set<String> subjects,
            List<String> problems) {
        /** Whether nothing is wrong with it. */
        public boolean whole() {
            return lost.isEmpty() && problems.isEmpty();
        }
    }

    /**
     * What was found. Immutable.
     *
     * @param directory the store
     * @param files what is wrong with files, by name
     * @param streams all streams
     * @param records what is wrong with records that are no messages
     * @param recordCount records that were read
     * @param lostFiles files that leafd has taken out of the store earlier
     * @param history what leafd wrote down about earlier damage
     */
    public record Report(
            Path directory,
            Map<String, String> files,
            List<StreamCheck> streams,
            List<String> records,
            long recordCount,
            List<String> lostFiles,
            List<String> history) {
        /** Whether nothing is wrong now; earlier losses do not count. */
        public boolean whole() {
            return files.isEmpty() && records.isEmpty() && streams.stream().allMatch(StreamCheck::whole);
        }
    }

    /** Whether somebody has the store open now; then a {@link Store#snapshot} of it can be checked. */
    public static boolean inUse(Path directory) {
        return DirectoryLock.isHeld(directory);
    }

    /** Checks a store in the clear. */
    public static Report of(Path directory) {
        return of(directory, StoreKeys.NONE);
    }

    /**
     * Checks a store.
     *
     * @param keys those of its key file, none if it is not encrypted
     * @throws StoreException.Unusable if the directory is no store, has a newer format, is in use by a running leafd, or needs another
     *     key
     */
    public static Report of(Path directory, StoreKeys keys) {
        if (!Files.isDirectory(directory)) {
            throw new StoreException.Unusable(directory + " is not a leafd store: there is no such directory", null);
        }
        try (DirectoryLock held = DirectoryLock.hold(directory)) {
            return new StoreCheck(directory, keys).run(held);
        } catch (IOException e) {
            throw new StoreException.Unusable("cannot read " + directory + ": " + e.getMessage(), e);
        }
    }

    private Report run(@Nullable DirectoryLock held) throws IOException {
        assert held != null || !Files.exists(directory.resolve(DirectoryLock.NAME));
        String format = FormatFile.problem(directory, Engine.present(database));
        if (format != null) {
            files.put("FORMAT", format);
        }
        KeyMark.check(directory, FormatFile.keys(directory, database), keys);
        if (Engine.present(database)) {
            var config = new EngineConfig(database, MEMORY_BYTES, DISK_BYTES, true, keys);
            FileCheck.problems(config).forEach((name, problem) -> files.put(Store.DATABASE + "/" + name, problem));
            contents(config);
        } else if (TipFile.read(directory) != null) {
            files.put(Store.DATABASE, "is missing: the whole database");
        }
        copies();
        var lost = new LostFiles(directory);
        return new Report(
                directory,
                Map.copyOf(files),
                List.copyOf(streams),
                List.copyOf(records),
                recordCount,
                lost.list("").stream()
                        .map(file -> file.getFileName().toString())
                        .toList(),
                lost.report());
    }

    private void copies() {
        if (Files.exists(directory.resolve(TipFile.NAME)) && TipFile.read(directory) == null) {
            files.put(TipFile.NAME, "is damaged; it holds no messages and is made anew when leafd starts");
        }
        if (Files.exists(directory.resolve(DefinitionsFile.NAME)) && DefinitionsFile.read(directory) == null) {
            files.put(DefinitionsFile.NAME, "is damaged; it is a copy and is made anew when leafd starts");
        }
    }

    private void contents(EngineConfig config) {
        try (var engine = new Engine(config, System::nanoTime)) {
            var loop = new StoreLoop(LoopBounds.DEFAULT, System::nanoTime, engine);
            var resources = new LogResources(
                    engine, loop, new DamageLedger(DamageListener.NONE), (id, numbers) -> {}, MEMORY_BYTES);
            engine.openReadOnly();
            for (Family family : Family.values()) {
                if (family != Family.MESSAGES) {
                    recordsOf(engine, family);
                }
            }
            TipFile.Tip tip = TipFile.read(directory);
            streamsOf(engine, resources, tip);
            if (tip != null && tip.sequence() > engine.latestSequence()) {
                records.add("the newest " + (tip.sequence() - engine.latestSequence())
                        + " records that had been written are missing: a file was cut off, deleted, or replaced by an"
                        + " older copy");
            }
        } catch (StoreException.Unavailable e) {
            files.putIfAbsent(Store.DATABASE, "cannot be opened: " + e.getMessage());
        }
    }

    /**
     * Reads all records of a family. Behind a place that cannot be read it goes on with the next owner; as long as that cannot be read
     * either, because it is in the same block, it leaps ever farther, so that it comes to an end.
     */
    private void recordsOf(Engine engine, Family family) {
        byte @Nullable [] from = {0};
        int found = 0;
        try (Scan scan = engine.scan(family)) {
            boolean valid = true;
            long owner = 0;
            long leap = 1;
            while (valid) {
                try {
                    valid = from == null ? scan.next() : scan.seek(from);
                    from = null;
                    if (valid) {
                        leap = 1;
                        recordCount++;
                        owner = scan.key().remaining() < Long.BYTES
                                ? 0
                                : scan.key().getLong(0);
                        scan.raw();
                        String problem = scan.problem();
                        if (problem != null && found++ < RECORDS_MAX) {
                            records.add(family.familyName() + " " + Keys.toHex(scan.key()) + ": " + problem);
                        }
                    }
                } catch (StoreException.Corrupt e) {
                    if (leap == 1) {
                        records.add(String.valueOf(e.getMessage()));
                    }
                    valid = owner <= Long.MAX_VALUE - leap;
                    owner += leap;
                    from = Keys.of(owner);
                    leap = Math.min(leap * 2, Long.MAX_VALUE / 2);
                }
            }
        }
    }

    private void streamsOf(Engine engine, LogResources resources, TipFile.@Nullable Tip tip) {
        var ids = new HashSet<Long>();
        Map<Long, StreamRecord> found = new TreeMap<>();
        try (Scan scan = engine.scan(Family.METADATA)) {
            boolean valid = scan.seek(new byte[] {StreamRecord.KEY});
            while (valid && scan.key().get(0) == StreamRecord.KEY) {
                long id = scan.key().getLong(1);
                ids.add(id);
                ByteBuffer raw = scan.raw();
                if (scan.problem() == null) {
                    found.put(id, StreamRecord.read(raw));
                }
                valid = scan.next();
            }
        } catch (StoreException.Corrupt e) {
            records.add("the list of streams cannot be read to its end: " + e.getMessage());
        }
        found.forEach((id, record) -> streams.add(check(resources, id, record, tip)));
        if (tip != null) {
            tip.streams().keySet().stream()
                    .filter(id -> !ids.contains(id))
                    .forEach(id -> records.add("the record of stream number " + id + " is missing"));
        }
    }

    private static StreamCheck check(LogResources resources, long id, StreamRecord record, TipFile.@Nullable Tip tip) {
        LogCheck.Result result = LogCheck.of(resources, id);
        var lost = new ArrayList<>(result.damaged());
        lost.addAll(result.lost());
        StreamState known = tip == null ? null : tip.streams().get(id);
        if (known != null && known.lastSeq() > result.numbers().lastSeq()) {
            lost.add(new DamagedRange(result.numbers().lastSeq() + 1, known.lastSeq(), DamagedRange.LOST_END));
        }
        lost.sort(Comparator.comparingLong(DamagedRange::firstSeq));
        long count = lost.stream()
                .mapToLong(range -> range.lastSeq() - range.firstSeq() + 1)
                .sum();
        return new StreamCheck(
                record.account(), record.name(), result.numbers(), lost, count, result.subjects(), result.problems());
    }
}
