package io.leafd.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.leafd.protocol.Subject;
import io.leafd.store.crypt.StoreKeys;
import io.leafd.store.engine.Compactions;
import io.leafd.store.files.LostFiles;
import io.leafd.store.log.DamagedRange;
import io.leafd.store.log.LogEntry;
import io.leafd.store.log.LogFilter;
import io.leafd.store.log.LogReader;
import io.leafd.store.log.RemovalVisitor;
import io.leafd.store.log.StoredMessage;
import io.leafd.store.log.StreamLog;
import io.leafd.store.loop.StoreException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Harms one file of a store, of any kind, in any way, and opens it: it opens; what it serves is right; each acknowledged message that
 * it does not serve is reported; nothing deleted comes back; no sequence is given twice; it goes on taking in, and compaction does not
 * stop it.
 *
 * <p>A short run by default. {@code -Dleafd.faults.rounds=500 -Dleafd.faults.seed=7} runs that many from that seed on; a failure names
 * the seed of its round, which with {@code rounds=1} is the same round again.
 */
class FileFaultPropertyTest {
    private static final int ROUNDS = Integer.getInteger("leafd.faults.rounds", 15);
    private static final long SEED = Long.getLong("leafd.faults.seed", 1);
    private static final List<FileFault> FAULTS = List.of(FileFault.values());
    private static final int FAILURES_MAX = 10;
    private static final String[] STREAMS = {"S", "T", "U"};

    @TempDir
    Path directory;

    private final Map<String, LogModel> models = new TreeMap<>();

    /** What the store is encrypted with. */
    StoreKeys keys() {
        return StoreKeys.NONE;
    }

    @Test
    void oneHarmedFileLosesNothingElseAndNothingInSilence() throws IOException {
        var failures = new ArrayList<String>();
        for (long seed = SEED; seed < SEED + ROUNDS && failures.size() < FAILURES_MAX; seed++) {
            try {
                round(seed);
            } catch (AssertionError | RuntimeException e) {
                failures.add("-Dleafd.faults.rounds=1 -Dleafd.faults.seed=" + seed + ": " + e);
            }
        }
        assertThat(failures).as("rounds that failed, each can be run again").isEmpty();
    }

    private void round(long seed) throws IOException {
        var random = new Random(seed * 0x9E3779B97F4A7C15L);
        Path store = directory.resolve("store");
        Path older = directory.resolve("older");
        remove(store);
        remove(older);
        models.clear();
        for (String name : STREAMS) {
            models.put(name, new LogModel());
        }
        live(store, random);
        copy(store, older);
        live(store, random);
        FileFault fault = FAULTS.get(random.nextInt(FAULTS.size()));
        Path file = FileFault.pick(store, seed, random);
        fault.harm(store, file, older, random);
        String what = "seed " + seed + ": " + fault + " of " + store.relativize(file);
        List<String> before = Stores.listing(store);
        StoreCheck.Report report = StoreCheck.of(store, keys());
        assertThat(Stores.listing(store)).as(what + ": changed by the check").isEqualTo(before);
        int messages = models.values().stream()
                .mapToInt(model -> model.messages.size())
                .sum();
        try (Stores stores = Stores.small(store, keys())) {
            checkOrReopen(stores, what);
            int left = models.values().stream()
                    .mapToInt(model -> model.messages.size())
                    .sum();
            assertThat(report.whole() && left < messages)
                    .as(what + ": the check found nothing")
                    .isFalse();
            goOn(stores, what);
            checkOrReopen(stores, what + ", after going on");
            stores.reopen();
            check(stores, what + ", opened again");
        }
    }

    /** Some life of a store: everything in it is acknowledged at the end. */
    private void live(Path store, Random random) {
        try (Stores stores = Stores.small(store, keys())) {
            int groups = 10 + random.nextInt(40);
            for (int i = 0; i < groups; i++) {
                String name = STREAMS[random.nextInt(STREAMS.length)];
                change(stores.stream(name), Objects.requireNonNull(models.get(name)), random);
                stores.store.cursors().put("c" + random.nextInt(5), new byte[20]);
                stores.run();
                if (random.nextInt(20) == 0) {
                    stores.reopen();
                }
            }
            if (random.nextBoolean()) {
                Compactions.all(stores.store.engine());
            }
        }
    }

    private static void change(StreamLog log, LogModel model, Random random) {
        int count = random.nextInt(120);
        for (int i = 0; i < count; i++) {
            byte[] body = new byte[random.nextInt(500)];
            random.nextBytes(body);
            Subject subject = Subject.of("s." + random.nextInt(20));
            long seq = log.append(subject, body, 0, model.lastSeq + 1, null);
            assertThat(seq).isGreaterThan(model.lastSeq);
            model.append(new StoredMessage(seq, model.lastSeq + 1, subject, body, 0));
        }
        for (int i = 0; i < count / 10; i++) {
            long seq = log.firstSeq() + random.nextLong(Math.max(1, log.lastSeq() - log.firstSeq()));
            log.delete(seq, RemovalVisitor.NONE);
            model.messages.remove(seq);
        }
        for (int i = 0; i < random.nextInt(1 + count / 5); i++) {
            model.messages.remove(log.removeFirst(RemovalVisitor.NONE));
        }
    }

    /** A read that meets an unreadable block of an index fails, and has the store open anew without it. */
    private void checkOrReopen(Stores stores, String what) {
        try {
            check(stores, what);
        } catch (StoreException e) {
            stores.run();
            check(stores, what + ", after " + e.getMessage());
        }
    }

    private void check(Stores stores, String what) {
        assertThat(stores.store.available()).as(what).isTrue();
        for (Map.Entry<String, LogModel> each : models.entrySet()) {
            LogModel model = each.getValue();
            StreamLog log = stores.store.streams().find("A", each.getKey());
            if (log == null) {
                assertThat(model.messages)
                        .as(what + ": stream " + each.getKey())
                        .isEmpty();
                continue;
            }
            boolean deletesLost = deletesLost(stores);
            Set<Long> served = served(log, model, deletesLost, what);
            if (deletesLost) {
                served.retainAll(model.messages.keySet()); // what is back was announced
            }
            Set<Long> reported = reported(stores, each.getKey());
            var lost = new TreeSet<>(model.messages.keySet());
            lost.removeAll(served);
            var silent = new TreeSet<>(lost);
            silent.removeAll(reported);
            assertThat(silent).as(what + ": lost without a word in " + log).isEmpty();
            reported.retainAll(served);
            assertThat(reported)
                    .as(what + ": reported and yet served in " + log)
                    .isEmpty();
            assertThat(log.lastSeq() + stores.store.lostTailMax(log)).as(what).isGreaterThanOrEqualTo(model.lastSeq);
            // reported once; from here on they are gone, unless they are rescued
            lost.forEach(seq -> model.lost.put(seq, Objects.requireNonNull(model.messages.remove(seq))));
        }
    }

    /** Reads everything, by scan and by sequence; all of it must be as it was written. */
    private static Set<Long> served(StreamLog log, LogModel model, boolean deletesLost, String what) {
        var served = new HashSet<Long>();
        LogReader reader = log.reader(1, LogFilter.ALL);
        long before = 0;
        while (!reader.caughtUp()) {
            if (reader.next() instanceof StoredMessage message) {
                assertThat(message.seq()).as(what).isGreaterThan(before);
                before = message.seq();
                // of a block that could not be read, and was worked through record by record since
                StoredMessage rescued = model.lost.remove(message.seq());
                if (rescued != null) {
                    model.messages.put(message.seq(), rescued);
                }
                @Nullable StoredMessage expected = model.messages.get(message.seq());
                if (expected != null || !deletesLost) {
                    same(message, expected, what + ": read " + message.seq() + " of " + log);
                }
                served.add(message.seq());
            }
        }
        for (long seq : model.messages.keySet()) {
            LogEntry entry = log.get(seq);
            assertThat(entry instanceof StoredMessage).as(what + ": get " + seq).isEqualTo(served.contains(seq));
            if (entry instanceof StoredMessage message) {
                same(message, model.messages.get(seq), what + ": get " + seq);
            }
        }
        var bySubject = new HashSet<Long>();
        for (int i = 0; i < 20; i++) {
            LogReader each = log.reader(1, LogFilter.of(Subject.of("s." + i)));
            while (!each.caughtUp()) {
                if (each.next() instanceof StoredMessage message) {
                    bySubject.add(message.seq());
                }
            }
        }
        assertThat(bySubject).as(what + ": read by subject").isEqualTo(served);
        return served;
    }

    /** Whether it was said that deletes were lost together with other records. */
    private static boolean deletesLost(Stores stores) {
        try {
            return new LostFiles(stores.config.directory())
                    .report().stream().anyMatch(line -> line.endsWith(Recovery.DELETES_LOST));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void same(StoredMessage actual, @Nullable StoredMessage expected, String what) {
        if (expected == null) {
            throw new AssertionError(what + ": deleted, and back");
        }
        assertThat(actual.body()).as(what).isEqualTo(expected.body());
        assertThat(actual.subject()).as(what).isEqualTo(expected.subject());
        assertThat(actual.timestampNs()).as(what).isEqualTo(expected.timestampNs());
    }

    private static Set<Long> reported(Stores stores, String stream) {
        var reported = new HashSet<Long>();
        for (StreamLoss loss : stores.store.losses()) {
            if (loss.stream().equals(stream)) {
                for (DamagedRange range : loss.ranges()) {
                    for (long seq = range.firstSeq(); seq <= range.lastSeq(); seq++) {
                        reported.add(seq);
                    }
                }
            }
        }
        return reported;
    }

    /** Takes in more, as the owner of the streams does it, and has RocksDB rewrite everything. */
    private void goOn(Stores stores, String what) {
        for (Map.Entry<String, LogModel> each : models.entrySet()) {
            StreamLog log = stores.stream(each.getKey());
            log.skipTo(log.lastSeq() + 1 + stores.store.lostTailMax(log));
        }
        stores.run();
        for (int i = 0; i < 3; i++) {
            for (Map.Entry<String, LogModel> each : models.entrySet()) {
                StreamLog log = stores.stream(each.getKey());
                Subject subject = Subject.of("s.1");
                long seq = log.append(subject, new byte[] {1, 2, 3}, 0, log.lastSeq() + 1, null);
                assertThat(seq).as(what + ": a sequence given twice").isGreaterThan(each.getValue().lastSeq);
                stores.run();
                if (log.get(seq)
                        instanceof StoredMessage message) { // else the group failed, and the store was opened anew
                    each.getValue().append(message);
                }
            }
            if (i == 0) {
                Compactions.all(stores.store.engine());
            }
        }
    }

    static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Path target = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target);
                }
            }
        }
    }

    static void remove(Path directory) throws IOException {
        if (Files.exists(directory)) {
            try (Stream<Path> files = Files.walk(directory)) {
                files.sorted(Comparator.reverseOrder())
                        .forEach(file -> file.toFile().delete());
            }
        }
    }
}
