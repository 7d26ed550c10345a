package io.leafd.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.leafd.protocol.Subject;
import io.leafd.protocol.SubjectFilter;
import io.leafd.store.log.LogEntry;
import io.leafd.store.log.LogFilter;
import io.leafd.store.log.LogReader;
import io.leafd.store.log.Purge;
import io.leafd.store.log.RemovalVisitor;
import io.leafd.store.log.StoredMessage;
import io.leafd.store.log.StreamLog;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random operations on a log and on {@link LogModel}, compared after each step. A failing seed is a test of its own. */
class StreamLogPropertyTest {
    private static final List<LogFilter> FILTERS = List.of(
            LogFilter.ALL,
            LogFilter.of(Subject.of("a.1")),
            LogFilter.of(Subject.of("rare.1")),
            LogFilter.of(Subject.of("nobody")),
            LogFilter.of(SubjectFilter.of("a.*")),
            LogFilter.of(SubjectFilter.of("rare.>")),
            LogFilter.of(SubjectFilter.of("*.1")),
            LogFilter.of(List.of(SubjectFilter.of("a.2"), SubjectFilter.of("b.>"))),
            LogFilter.of(List.of(SubjectFilter.of("a.1"), SubjectFilter.of("a.*"))));

    private static final int STEPS = 250;

    @TempDir
    Path directory;

    private final LogModel model = new LogModel();
    private long nowNs = 1_000;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void logBehavesAsTheModel(long seed) {
        var random = new Random(seed);
        try (Stores stores = Stores.small(directory)) {
            StreamLog log = stores.stream("S");
            stores.stream("T").append(Subject.of("a.1"), new byte[3], 0, 1, null); // a neighbour on disk
            for (int step = 0; step < STEPS; step++) {
                int action = random.nextInt(100);
                change(action, log, random, stores);
                log = stores.stream("S");
                if (action % 3 == 0) {
                    stores.run();
                }
                if (action % 4 == 0) {
                    checkNumbers(log, "seed " + seed + " step " + step + " action " + action);
                    checkReads(log, random, "seed " + seed + " step " + step + " action " + action);
                }
            }
            stores.run();
            stores.reopen();
            checkNumbers(stores.stream("S"), "seed " + seed + " at the end");
            for (LogFilter filter : FILTERS) {
                assertThat(readAll(stores.stream("S").reader(0, filter))).isEqualTo(seqs(model.from(0, filter)));
            }
        }
    }

    private void change(int action, StreamLog log, Random random, Stores stores) {
        if (action < 45) {
            append(log, random, random.nextInt(60));
        } else if (action < 55) {
            delete(log, random);
        } else if (action < 63) {
            removeFirst(log, random.nextInt(20));
        } else if (action < 70) {
            removeFirstOf(log, subject(random));
        } else if (action < 78) {
            purge(log, random);
        } else if (action < 83) {
            skip(log, random);
        } else if (action < 85) {
            stores.run();
            stores.reopen();
        } else if (action < 86) {
            var removed = model.purge(Purge.ALL).size();
            assertThat(log.purge(Purge.ALL, Long.MAX_VALUE, RemovalVisitor.NONE))
                    .isEqualTo(removed);
        } else {
            append(log, random, 1);
        }
    }

    private void append(StreamLog log, Random random, int count) {
        for (int i = 0; i < count; i++) {
            byte[] body = new byte[random.nextInt(200)];
            random.nextBytes(body);
            int headerBytes = body.length > 40 && random.nextBoolean() ? 20 : 0;
            Subject subject = subject(random);
            nowNs += random.nextInt(5);
            long seq = log.append(subject, body, headerBytes, nowNs, null);
            assertThat(seq).isEqualTo(model.lastSeq + 1);
            model.append(new StoredMessage(seq, nowNs, subject, body, headerBytes));
        }
    }

    private static Subject subject(Random random) {
        int kind = random.nextInt(100);
        if (kind < 2) {
            return Subject.of("rare." + random.nextInt(3));
        }
        return Subject.of((kind < 80 ? "a." : "b.") + random.nextInt(kind < 50 ? 3 : 40));
    }

    private void delete(StreamLog log, Random random) {
        for (int i = 0; i < 10 && log.lastSeq() > 0; i++) {
            long seq = log.firstSeq() - 2 + random.nextLong(log.lastSeq() - log.firstSeq() + 4);
            boolean there = model.messages.remove(seq) != null;
            var seen = new ArrayList<Long>();
            assertThat(log.delete(seq, (s, subject, bytes) -> seen.add(s))).isEqualTo(there);
            assertThat(seen).isEqualTo(there ? List.of(seq) : List.of());
        }
    }

    private void removeFirst(StreamLog log, int count) {
        for (int i = 0; i < count; i++) {
            long expected = model.messages.isEmpty() ? 0 : model.messages.firstKey();
            assertThat(log.removeFirst(RemovalVisitor.NONE)).isEqualTo(expected);
            model.messages.remove(expected);
        }
    }

    private void removeFirstOf(StreamLog log, Subject subject) {
        List<StoredMessage> all = model.of(subject);
        long expected = all.isEmpty() ? 0 : all.getFirst().seq();
        assertThat(log.firstSeq(subject)).isEqualTo(expected);
        assertThat(log.removeFirst(subject, RemovalVisitor.NONE)).isEqualTo(expected);
        model.messages.remove(expected);
    }

    private void purge(StreamLog log, Random random) {
        LogFilter filter = FILTERS.get(random.nextInt(FILTERS.size()));
        long below = random.nextBoolean()
                ? Long.MAX_VALUE
                : log.firstSeq() + random.nextLong(log.lastSeq() - log.firstSeq() + 3);
        long keep = random.nextInt(3) > 0 ? 0 : random.nextInt(30);
        var what = new Purge(filter, filter.all() && random.nextBoolean() ? log.firstSeq() + 5 : below, keep);
        var removed = new ArrayList<Long>();
        long max = random.nextBoolean() ? Long.MAX_VALUE : 7;
        long count;
        do {
            count = log.purge(what, max, (seq, subject, bytes) -> {
                removed.add(seq);
                StoredMessage expected = Objects.requireNonNull(model.messages.get(seq));
                assertThat(bytes).isEqualTo(expected.sizeBytes());
                assertThat(subject).isEqualTo(expected.subject());
            });
        } while (count == max);
        assertThat(removed.stream().sorted().toList()).as("%s", what).isEqualTo(model.purge(what));
    }

    private void skip(StreamLog log, Random random) {
        long gap = random.nextInt(4) == 0 ? 100_000 + random.nextInt(100_000) : random.nextInt(3_000);
        if (random.nextBoolean()) {
            log.skipTo(log.lastSeq() + 1 + gap);
            model.skipTo(model.lastSeq + 1 + gap);
        } else {
            long seq = log.lastSeq() + 1 + gap;
            log.appendAt(seq, Subject.of("a.1"), new byte[5], 0, nowNs, null);
            model.append(new StoredMessage(seq, nowNs, Subject.of("a.1"), new byte[5], 0));
        }
    }

    private void checkNumbers(StreamLog log, String when) {
        assertThat(log.messages()).as(when).isEqualTo(model.messages.size());
        assertThat(log.bytes()).as(when).isEqualTo(model.bytes());
        assertThat(log.lastSeq()).as(when).isEqualTo(model.lastSeq);
        assertThat(log.firstSeq()).as(when).isEqualTo(model.firstSeq());
        assertThat(log.state().subjects()).as(when).isEqualTo(model.subjects());
        assertThat(log.firstTimestampNs())
                .as(when)
                .isEqualTo(
                        model.messages.isEmpty()
                                ? 0
                                : model.messages.firstEntry().getValue().timestampNs());
        var ranges = new ArrayList<String>();
        log.deletedRanges((first, last) -> ranges.add(first + "-" + last));
        assertThat(ranges).as(when).isEqualTo(model.deletedRanges());
    }

    private void checkReads(StreamLog log, Random random, String when) {
        LogFilter filter = FILTERS.get(random.nextInt(FILTERS.size()));
        long from = Math.max(0, log.firstSeq() - 3 + random.nextLong(log.lastSeq() - log.firstSeq() + 8));
        List<StoredMessage> expected = model.from(from, filter);
        assertThat(readAll(log.reader(from, filter))).as(when).isEqualTo(seqs(expected));
        assertThat(log.countFrom(from, filter))
                .as("%s count from %s of %s", when, from, filter)
                .isEqualTo(expected.size());
        same(log.next(from, filter), expected.isEmpty() ? null : expected.getFirst(), when);
        same(log.last(filter), model.last(filter), when);
        same(log.get(from), model.messages.get(from), when);
        assertThat(log.lastPerSubject(filter, from, 1000)).as(when).isEqualTo(model.lastPerSubject(filter, from));
        assertThat(log.seqAtTime(nowNs - 100)).as(when).isEqualTo(model.seqAtTime(nowNs - 100));
        Subject subject = subject(random);
        List<StoredMessage> all = model.of(subject);
        assertThat(log.messages(subject)).as(when).isEqualTo(all.size());
        assertThat(log.lastSeq(subject))
                .as(when)
                .isEqualTo(all.isEmpty() ? 0 : all.getLast().seq());
        long[] sum = new long[1];
        log.subjects(filter, (s, count, last) -> {
            sum[0] += count;
            return true;
        });
        assertThat(sum[0]).as(when).isEqualTo(model.from(0, filter).size());
    }

    private static void same(@Nullable LogEntry actual, @Nullable StoredMessage expected, String when) {
        if (expected == null) {
            assertThat(actual).as(when).isNull();
            return;
        }
        assertThat(actual).as(when).isInstanceOfSatisfying(StoredMessage.class, message -> {
            assertThat(message.seq()).as(when).isEqualTo(expected.seq());
            assertThat(message.subject()).isEqualTo(expected.subject());
            assertThat(message.body()).isEqualTo(expected.body());
            assertThat(message.headerBytes()).isEqualTo(expected.headerBytes());
            assertThat(message.timestampNs()).isEqualTo(expected.timestampNs());
        });
    }

    private static List<Long> readAll(LogReader reader) {
        var seqs = new ArrayList<Long>();
        while (true) {
            LogEntry entry = reader.next();
            if (entry instanceof StoredMessage message) {
                seqs.add(message.seq());
            } else if (entry != null) {
                throw new AssertionError(entry);
            } else if (reader.caughtUp()) {
                return seqs;
            }
        }
    }

    private static List<Long> seqs(List<StoredMessage> messages) {
        return messages.stream().map(StoredMessage::seq).toList();
    }
}
