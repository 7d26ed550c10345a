package io.leafd.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.leafd.protocol.Subject;
import io.leafd.store.log.DamagedRange;
import io.leafd.store.log.LogEntry;
import io.leafd.store.log.LogFilter;
import io.leafd.store.log.LogReader;
import io.leafd.store.log.Purge;
import io.leafd.store.log.RemovalVisitor;
import io.leafd.store.log.StoredMessage;
import io.leafd.store.log.StreamLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A table of a store is harmed, and what was lost with it is put back, in any order, with removals, appends, restarts and crashes in
 * between: in the end the log is as it would be without the loss, nothing that was removed is back, and the check finds nothing.
 *
 * <p>{@code -Dleafd.faults.rounds=500 -Dleafd.faults.seed=7} runs that many from that seed on.
 */
class RefillPropertyTest {
    private static final int ROUNDS = Integer.getInteger("leafd.faults.rounds", 6);
    private static final long SEED = Long.getLong("leafd.faults.seed", 1);
    private static final int TABLE_BYTES_MIN = 20_000;
    private static final int FAILURES_MAX = 5;

    @TempDir
    Path directory;

    /** What is in the log. */
    private final TreeMap<Long, StoredMessage> live = new TreeMap<>();
    /** What was lost and not put back. */
    private final TreeMap<Long, StoredMessage> lost = new TreeMap<>();

    private Random random = new Random(0);
    private long lastSeq;

    @Test
    void whatIsPutBackIsAsIfItHadNeverBeenLost() throws IOException {
        var failures = new ArrayList<String>();
        long found = 0;
        for (long seed = SEED; seed < SEED + ROUNDS && failures.size() < FAILURES_MAX; seed++) {
            try {
                found += round(seed);
            } catch (AssertionError | RuntimeException e) {
                failures.add("-Dleafd.faults.rounds=1 -Dleafd.faults.seed=" + seed + ": " + e);
            }
        }
        assertThat(failures).as("rounds that failed, each can be run again").isEmpty();
        assertThat(found).as("messages that were lost").isPositive();
    }

    private long round(long seed) throws IOException {
        random = new Random(seed * 0x9E3779B97F4A7C15L);
        live.clear();
        lost.clear();
        lastSeq = 0;
        Path store = directory.resolve("store" + seed);
        long losses;
        try (Stores stores = Stores.small(store)) {
            stores.stream("S").awaitLost(true);
            fill(stores);
            stores.store.close();
            harm(store);
            stores.reopen();
            takeStock(stores);
            losses = lost.size();
            if (losses == 0) {
                return 0; // what was harmed was dead, and may come in the way of a compaction at any time
            }
            for (int step = 0; step < 30; step++) {
                step(stores);
                compare(stores);
            }
            List.copyOf(lost.values()).forEach(message -> putBack(stores.stream("S"), message));
            stores.run();
            compare(stores);
            assertThat(read(stores.stream("S"))).isEqualTo(describe(live));
            assertThat(stores.store.losses()).isEmpty();
            stores.store.close();
            StoreCheck.Report report = StoreCheck.of(store);
            assertThat(report.streams()).as("%s", report).allMatch(StoreCheck.StreamCheck::whole);
            assertThat(report.records()).isEmpty();
        }
        return losses;
    }

    private void fill(Stores stores) {
        for (int part = 0; part < 4; part++) {
            StreamLog log = stores.stream("S");
            int count = 200 + random.nextInt(1500);
            for (int i = 0; i < count; i++) {
                append(log);
            }
            stores.run();
            if (random.nextInt(3) == 0) {
                lastSeq += random.nextBoolean() ? random.nextInt(3_000) : 100_000;
                log.skipTo(lastSeq + 1);
            }
            for (int i = random.nextInt(300); i > 0 && !live.isEmpty(); i--) {
                long seq = anyOf(live);
                assertThat(log.delete(seq, RemovalVisitor.NONE)).isTrue();
                live.remove(seq);
            }
            for (int i = random.nextInt(100); i > 0 && !live.isEmpty(); i--) {
                assertThat(log.removeFirst(RemovalVisitor.NONE))
                        .isEqualTo(live.pollFirstEntry().getKey());
            }
            stores.reopen();
        }
    }

    private void append(StreamLog log) {
        String subject = random.nextInt(20) == 0 ? "s.only." + lastSeq : "s." + random.nextInt(12);
        byte[] body = ("message " + lastSeq + " ").repeat(1 + random.nextInt(8)).getBytes(StandardCharsets.US_ASCII);
        lastSeq++;
        log.appendAt(lastSeq, Subject.of(subject), body, 0, lastSeq, null);
        live.put(lastSeq, new StoredMessage(lastSeq, lastSeq, Subject.of(subject), body, 0));
    }

    /** Harms a table of messages: it vanishes, or a bit of it flips. */
    private void harm(Path store) throws IOException {
        try (Stream<Path> all = Files.list(store.resolve("db"))) {
            List<Path> tables = all.filter(file -> file.toString().endsWith(".sst"))
                    .filter(RefillPropertyTest::holdsMessages)
                    .sorted()
                    .toList();
            Path table = tables.get(random.nextInt(tables.size()));
            if (random.nextBoolean()) {
                Files.delete(table);
            } else {
                byte[] bytes = Files.readAllBytes(table);
                bytes[(int) (bytes.length * random.nextDouble(0.7))] ^= 16;
                Files.write(table, bytes);
            }
        }
    }

    private static boolean holdsMessages(Path table) {
        try {
            return Files.size(table) > TABLE_BYTES_MIN
                    && new String(Files.readAllBytes(table), StandardCharsets.ISO_8859_1).contains("message 1");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads all, has what cannot be read taken out, and notes what is lost. */
    private void takeStock(Stores stores) {
        read(stores.stream("S"));
        stores.run();
        if (stores.store.takeOutUnreadable(stores.stream("S"))) {
            stores.run();
        }
        StreamLog log = stores.stream("S");
        for (DamagedRange range : log.lost()) {
            for (long seq = range.firstSeq(); seq <= range.lastSeq(); seq++) {
                StoredMessage message = live.remove(seq);
                assertThat(message).as("told as lost, and was deleted: %d", seq).isNotNull();
                lost.put(seq, message);
            }
        }
        compare(stores);
        assertThat(read(log)).isEqualTo(describe(live));
    }

    private void step(Stores stores) {
        StreamLog log = stores.stream("S");
        switch (random.nextInt(8)) {
            case 0, 1, 2 -> {
                for (int i = random.nextInt(200); i > 0 && !lost.isEmpty(); i--) {
                    long seq = random.nextInt(4) == 0 ? anyOf(lost) : lost.firstKey();
                    putBack(log, Objects.requireNonNull(lost.get(seq)));
                }
            }
            case 3 -> {
                for (int i = random.nextInt(5); i > 0 && !lost.isEmpty(); i--) {
                    long seq = anyOf(lost);
                    assertThat(log.delete(seq, RemovalVisitor.NONE)).isTrue();
                    assertThat(log.delete(seq, RemovalVisitor.NONE)).isFalse();
                    lost.remove(seq);
                }
            }
            case 4 -> {
                for (int i = random.nextInt(20); i > 0 && !live.isEmpty(); i--) {
                    long seq = anyOf(live);
                    assertThat(log.delete(seq, RemovalVisitor.NONE)).isTrue();
                    live.remove(seq);
                }
            }
            case 5 -> removeFromTheFront(log);
            case 6 -> append(log);
            default -> stores.reopen();
        }
        if (random.nextBoolean()) {
            stores.run();
        }
    }

    private void removeFromTheFront(StreamLog log) {
        if (random.nextInt(3) > 0 && !live.isEmpty()) {
            long seq = live.firstKey() + random.nextInt(100);
            log.purge(Purge.below(seq), Long.MAX_VALUE, RemovalVisitor.NONE);
            live.headMap(seq).clear();
            lost.headMap(seq).clear();
        } else if (!live.isEmpty()) {
            long seq = log.removeFirst(RemovalVisitor.NONE);
            assertThat(live.pollFirstEntry().getKey()).isEqualTo(seq);
            lost.headMap(seq).clear();
        }
    }

    private void putBack(StreamLog log, StoredMessage message) {
        assertThat(log.putBack(
                        message.seq(), message.subject(), message.body(), message.headerBytes(), message.timestampNs()))
                .isTrue();
        assertThat(log.putBack(
                        message.seq(), message.subject(), message.body(), message.headerBytes(), message.timestampNs()))
                .as("once only")
                .isFalse();
        live.put(message.seq(), message);
        lost.remove(message.seq());
    }

    private void compare(Stores stores) {
        StreamLog log = stores.stream("S");
        var waiting = new TreeSet<Long>();
        for (DamagedRange range : log.lost()) {
            for (long seq = range.firstSeq(); seq <= range.lastSeq(); seq++) {
                waiting.add(seq);
            }
        }
        assertThat(waiting).isEqualTo(new TreeSet<>(lost.keySet()));
        assertThat(log.messages()).isEqualTo(live.size());
        assertThat(log.bytes())
                .isEqualTo(live.values().stream()
                        .mapToLong(StoredMessage::sizeBytes)
                        .sum());
        assertThat(log.state().subjects())
                .isEqualTo(live.values().stream()
                        .map(StoredMessage::subject)
                        .distinct()
                        .count());
        assertThat(log.lastSeq()).isEqualTo(lastSeq);
        assertThat(log.firstSeq()).isEqualTo(live.isEmpty() ? lastSeq + 1 : live.firstKey());
        Subject subject = Subject.of("s." + random.nextInt(12));
        long[] ofSubject = live.values().stream()
                .filter(message -> message.subject().equals(subject))
                .mapToLong(StoredMessage::seq)
                .toArray();
        assertThat(log.messages(subject)).isEqualTo(ofSubject.length);
        assertThat(log.lastSeq(subject)).isEqualTo(ofSubject.length == 0 ? 0 : ofSubject[ofSubject.length - 1]);
        assertThat(log.firstSeq(subject)).isEqualTo(ofSubject.length == 0 ? 0 : ofSubject[0]);
        long from = live.isEmpty() ? 1 : anyOf(live);
        assertThat(log.countFrom(from, LogFilter.of(subject)))
                .isEqualTo(live.tailMap(from).values().stream()
                        .filter(message -> message.subject().equals(subject))
                        .count());
        assertThat(log.countFrom(from, LogFilter.ALL))
                .isEqualTo(live.tailMap(from).size());
    }

    private static List<String> read(StreamLog log) {
        var read = new ArrayList<String>();
        try (LogReader reader = log.reader(1, LogFilter.ALL)) {
            while (!reader.caughtUp()) {
                LogEntry entry = reader.next();
                if (entry instanceof StoredMessage message) {
                    read.add(describe(message));
                }
            }
        }
        return read;
    }

    private static List<String> describe(Map<Long, StoredMessage> messages) {
        return messages.values().stream().map(RefillPropertyTest::describe).toList();
    }

    private static String describe(StoredMessage message) {
        return message.seq() + " " + message.subject() + " " + message.timestampNs() + " "
                + new String(message.body(), StandardCharsets.US_ASCII);
    }

    private long anyOf(NavigableMap<Long, StoredMessage> messages) {
        long at = messages.firstKey() + random.nextLong(messages.lastKey() - messages.firstKey() + 1);
        return messages.ceilingKey(at);
    }
}
