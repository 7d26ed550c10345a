package io.leafd.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.leafd.protocol.Subject;
import io.leafd.protocol.SubjectFilter;
import io.leafd.store.engine.FailingDisk;
import io.leafd.store.engine.Tampering;
import io.leafd.store.log.DamagedRange;
import io.leafd.store.log.LogFilter;
import io.leafd.store.log.LogReader;
import io.leafd.store.log.Purge;
import io.leafd.store.log.RemovalVisitor;
import io.leafd.store.log.StoredMessage;
import io.leafd.store.log.StreamLog;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A table in the midst of a log is gone: what was in it is known as lost, durably, until it is put back. */
class StoreRefillTest {
    private static final int PART = 500;

    @TempDir
    Path directory;

    private Stores stores;

    @BeforeEach
    void open() {
        stores = Stores.small(directory);
    }

    @AfterEach
    void close() {
        stores.close();
    }

    /** Three tables of messages, of which the middle one is the largest and vanishes. */
    private StreamLog damaged(boolean hasOriginal) throws IOException {
        stores.stream("M").awaitLost(hasOriginal);
        fill(1, PART, 1);
        stores.reopen();
        fill(PART + 1, 2 * PART, 4);
        stores.reopen();
        fill(2 * PART + 1, 3 * PART, 1);
        stores.store.close();
        Files.delete(Tampering.largest(directory, ".sst"));
        stores.reopen();
        return stores.stream("M");
    }

    private void fill(int from, int to, int weight) {
        for (int seq = from; seq <= to; seq++) {
            stores.stream("M").append(subject(seq), body(seq, weight), 0, seq, null);
        }
        stores.run();
    }

    private static Subject subject(long seq) {
        return Subject.of("m." + seq % 7);
    }

    private static byte[] body(long seq, int weight) {
        return ("message " + seq + " ").repeat(8 * weight).getBytes(StandardCharsets.US_ASCII);
    }

    private boolean putBack(long seq) {
        return stores.stream("M").putBack(seq, subject(seq), body(seq, 4), 0, seq);
    }

    private static DamagedRange range(long first, long last) {
        return new DamagedRange(first, last, DamagedRange.MISSING);
    }

    private List<DamagedRange> told() {
        return stores.store.losses().stream()
                .flatMap(loss -> loss.ranges().stream())
                .toList();
    }

    @Test
    void lossIsKnownAfterARestartUntilItIsPutBack() throws IOException {
        StreamLog log = damaged(true);
        assertThat(log.lost()).containsExactly(range(PART + 1, 2 * PART));
        assertThat(told()).isEqualTo(log.lost());
        assertThat(putBack(PART)).as("not lost").isFalse();
        for (int seq = PART + 1; seq <= PART + 100; seq++) {
            assertThat(putBack(seq)).isTrue();
        }
        stores.reopen();
        assertThat(stores.stream("M").lost()).containsExactly(range(PART + 101, 2 * PART));
        assertThat(told()).isEqualTo(stores.stream("M").lost());
        assertThat(stores.stream("M").get(PART + 50)).isInstanceOf(StoredMessage.class);
        assertThat(stores.stream("M").settleLost(1, 3 * PART)).isEqualTo(PART - 100);
        stores.run();
        assertThat(told()).isEmpty();
        stores.reopen();
        assertThat(stores.stream("M").lost()).isEmpty();
        assertThat(stores.stream("M").messages()).isEqualTo(2 * PART + 100);
    }

    @Test
    void checkTellsOfItUntilItIsPutBack() throws IOException {
        damaged(true);
        stores.store.close();
        assertThat(StoreCheck.of(directory).streams().getFirst().lost()).containsExactly(range(PART + 1, 2 * PART));
        stores.reopen();
        for (int seq = PART + 1; seq <= 2 * PART; seq++) {
            assertThat(putBack(seq)).isTrue();
        }
        stores.store.close();
        StoreCheck.Report report = StoreCheck.of(directory);
        assertThat(report.whole()).as("%s", report).isTrue();
    }

    @Test
    void withoutAnOriginalItIsOnlyReported() throws IOException {
        StreamLog log = damaged(false);
        assertThat(log.lost()).isEmpty();
        assertThat(told()).containsExactly(range(PART + 1, 2 * PART));
        assertThat(putBack(PART + 1)).isFalse();
        stores.reopen();
        assertThat(told()).as("as ever, reported by the process that met it").isEmpty();
    }

    @Test
    void whatIsNotDurableIsNotStruckOff() throws IOException {
        damaged(true);
        FailingDisk.under(stores.store.engine()).failWrites();
        assertThat(putBack(PART + 1)).isTrue();
        assertThat(told()).containsExactly(range(PART + 1, 2 * PART));
        stores.run();
        assertThat(stores.store.generation()).as("it was opened anew").isEqualTo(2);
        assertThat(told()).containsExactly(range(PART + 1, 2 * PART));
        assertThat(stores.stream("M").get(PART + 1)).isNull();
        assertThat(putBack(PART + 1)).isTrue();
        stores.run();
        assertThat(told()).containsExactly(range(PART + 2, 2 * PART));
    }

    @Test
    void readersInFrontOfItGetWhatIsPutBackInOrder() throws IOException {
        StreamLog log = damaged(true);
        try (LogReader reader = log.reader(PART - 1, LogFilter.ALL)) {
            assertThat(Objects.requireNonNull(reader.next())).extracting("seq").isEqualTo(PART - 1L);
            for (int seq = PART + 1; seq <= 2 * PART; seq++) {
                assertThat(putBack(seq)).isTrue();
            }
            for (long seq = PART; seq <= 3 * PART; seq++) {
                assertThat(Objects.requireNonNull(reader.next()))
                        .extracting("seq")
                        .isEqualTo(seq);
            }
        }
    }

    @Test
    void purgeOfASubjectEndsTheWaitBecauseNobodyKnowsWhoseTheLostOnesWere() throws IOException {
        StreamLog log = damaged(true);
        log.purge(Purge.matching(LogFilter.of(SubjectFilter.of("m.3"))), Long.MAX_VALUE, RemovalVisitor.NONE);
        stores.run();
        assertThat(log.lost()).isEmpty();
        assertThat(told()).as("and still lost").containsExactly(range(PART + 1, 2 * PART));
    }

    @Test
    void whatLimitsRemovedInFrontDoesNotComeBack() throws IOException {
        StreamLog log = damaged(true);
        while (log.firstSeq() <= 2 * PART) {
            log.removeFirst(RemovalVisitor.NONE);
        }
        log.removeFirst(RemovalVisitor.NONE);
        stores.run();
        assertThat(log.lost()).isEmpty();
        assertThat(told()).isEmpty();
        assertThat(putBack(2 * PART)).isFalse();
    }
}
