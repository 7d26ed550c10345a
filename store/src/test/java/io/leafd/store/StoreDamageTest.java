package io.leafd.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leafd.protocol.Subject;
import io.leafd.store.crypt.StoreKeys;
import io.leafd.store.engine.Family;
import io.leafd.store.engine.Keys;
import io.leafd.store.engine.Tampering;
import io.leafd.store.log.DamagedRange;
import io.leafd.store.log.LogEntry;
import io.leafd.store.log.LogFilter;
import io.leafd.store.log.LogReader;
import io.leafd.store.log.RemovalVisitor;
import io.leafd.store.log.StoredMessage;
import io.leafd.store.log.StreamLog;
import io.leafd.store.loop.StoreException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Damaged records and files: what is read is right or declared damaged, and the rest goes on. */
class StoreDamageTest {
    @TempDir
    Path directory;

    private Stores stores;
    private final List<DamagedRange> reported = new ArrayList<>();

    @BeforeEach
    void open() {
        stores = Stores.small(directory, keys());
    }

    /** What the store is encrypted with. */
    StoreKeys keys() {
        return StoreKeys.NONE;
    }

    @AfterEach
    void close() {
        stores.close();
    }

    private void fill(int messages) {
        StreamLog log = stores.stream("S");
        for (int i = 1; i <= messages; i++) {
            log.append(Subject.of("s." + i % 3), body(i), 0, i, null);
        }
        stores.run();
    }

    private static byte[] body(long seq) {
        return ("message " + seq + " ").repeat(8).getBytes(StandardCharsets.US_ASCII);
    }

    private void damage(Runnable tampering) {
        stores.store.close();
        tampering.run();
        stores.reopen();
        stores.store.listen(new StoreListener() {
            @Override
            public void onDamage(StreamLog stream, DamagedRange range) {
                reported.add(range);
            }
        });
    }

    private long id() {
        return 1;
    }

    /** Reads all, checks each message, and answers the sequences that were damaged. */
    private List<Long> damagedSeqs(LogFilter filter, int messages) {
        var damaged = new ArrayList<Long>();
        LogReader reader = stores.stream("S").reader(1, filter);
        long expected = 1;
        while (!reader.caughtUp()) {
            LogEntry entry = reader.next();
            if (entry instanceof StoredMessage message) {
                assertThat(message.body()).isEqualTo(body(message.seq()));
                assertThat(message.seq()).isEqualTo(expected);
                expected = message.seq() + 1;
            } else if (entry instanceof DamagedRange range) {
                assertThat(range.firstSeq()).isEqualTo(expected);
                for (long seq = range.firstSeq(); seq <= range.lastSeq(); seq++) {
                    damaged.add(seq);
                }
                expected = range.lastSeq() + 1;
            }
        }
        assertThat(expected).isEqualTo(messages + 1);
        return damaged;
    }

    @Test
    void flippedBitOfOneMessageDamagesOnlyThatOne() {
        fill(20);
        damage(() -> Tampering.flip(directory, Family.MESSAGES, Keys.of(id(), 7), 3));

        assertThat(damagedSeqs(LogFilter.ALL, 20)).containsExactly(7L);
        StreamLog log = stores.stream("S");
        assertThat(log.get(7)).isInstanceOf(DamagedRange.class);
        assertThat(log.get(8)).isInstanceOf(StoredMessage.class);
        assertThat(reported).as("reported once").hasSize(1);
        assertThat(log.messages()).isEqualTo(20);
    }

    @Test
    void limitsPassOverDamageAndKeepTheCountsRight() {
        fill(20);
        damage(() -> Tampering.flip(directory, Family.MESSAGES, Keys.of(id(), 1), 3));

        StreamLog log = stores.stream("S");
        assertThat(log.removeFirst(RemovalVisitor.NONE)).isEqualTo(1);
        assertThat(log.messages(Subject.of("s.1"))).isEqualTo(6);
        assertThat(log.bytes()).isEqualTo(sizes(2, 20));
        damageNothing();
        assertThat(stores.stream("S").firstSeq()).isEqualTo(2);
    }

    @Test
    void damagedMessageCanBeDeleted() {
        fill(5);
        damage(() -> Tampering.flip(directory, Family.MESSAGES, Keys.of(id(), 3), 3));
        assertThat(stores.stream("S").delete(3, RemovalVisitor.NONE)).isTrue();
        assertThat(stores.stream("S").messages()).isEqualTo(4);
        assertThat(stores.stream("S").bytes()).isEqualTo(sizes(1, 5) - sizes(3, 3));
        assertThat(stores.stream("S").messages(Subject.of("s.0"))).isZero();
    }

    private static long sizes(int from, int to) {
        long sum = 0;
        for (int seq = from; seq <= to; seq++) {
            sum += StoredMessage.sizeBytes(3, 0, body(seq).length);
        }
        return sum;
    }

    private void damageNothing() {
        stores.run();
        damage(() -> {});
    }

    @Test
    void vanishedMessagesAreReportedAsRange() {
        fill(20);
        damage(() -> {
            Tampering.change(directory, Family.MESSAGES, Keys.of(id(), 9), value -> null);
            Tampering.change(directory, Family.MESSAGES, Keys.of(id(), 10), value -> null);
            Tampering.change(directory, Family.MESSAGES, Keys.of(id(), 20), value -> null);
        });
        assertThat(damagedSeqs(LogFilter.ALL, 20)).containsExactly(9L, 10L, 20L);
        assertThat(reported).extracting(DamagedRange::firstSeq).containsExactly(9L, 20L);
    }

    @Test
    void deletedMessageIsNoDamage() {
        fill(20);
        stores.stream("S").delete(9, RemovalVisitor.NONE);
        damageNothing();
        LogReader reader = stores.stream("S").reader(1, LogFilter.ALL);
        int read = 0;
        while (reader.next() != null) {
            read++;
        }
        assertThat(read).isEqualTo(19);
        assertThat(reported).isEmpty();
    }

    @Test
    void unreadableBlockDamagesItsMessagesAndReadingGoesOnBehind() {
        fill(3000);
        damageNothing(); // what the log held is in a table now
        damage(() -> flip(".sst", 0.3));
        List<Long> damaged = damagedSeqs(LogFilter.ALL, 3000);
        assertThat(damaged).hasSizeBetween(50, 400); // a block of 16 KiB
        assertThat(damaged.getLast() - damaged.getFirst() + 1).as("one stretch").isEqualTo(damaged.size());
        assertThat(reported).as("%s", reported).hasSize(1);
        assertThat(damagedSeqs(LogFilter.ALL, 3000)).isEqualTo(damaged);
    }

    @Test
    void truncatedLogTailLosesOnlyTheTail() {
        fill(10);
        damage(() -> truncate(".log", 0.9));
        StreamLog log = stores.stream("S");
        assertThat(log.append(Subject.of("s.1"), body(11), 0, 11, null)).isLessThanOrEqualTo(11);
        assertThat(reported).isEmpty();
    }

    @Test
    void flippedBitInTheLogLosesOnlyItsGroupAndLeavesEverythingConsistent() {
        for (int i = 0; i < 100; i++) {
            fillFrom(i * 10 + 1, 10);
        }
        damage(() -> flip(".log", 0.5));
        StreamLog log = stores.stream("S");
        assertThat(log.lastSeq()).isEqualTo(1000);
        assertThat(log.messages()).as("a block of the log is 32 KiB").isBetween(850L, 999L);
        long[] count = new long[1];
        log.subjects(LogFilter.ALL, (subject, messages, last) -> {
            count[0] += messages;
            return true;
        });
        assertThat(count[0]).isEqualTo(log.messages());
        assertThat(reported).isEmpty(); // the rebuild at the opening noted it before anybody listened
        assertThat(stores.store.losses()).singleElement().satisfies(loss -> {
            assertThat(loss.stream()).isEqualTo("S");
            assertThat(loss.messages()).isEqualTo(1000 - log.messages());
            assertThat(loss.ranges()).hasSize(1);
        });
        assertThat(stores.store.reportLines()).isPositive();
    }

    private void fillFrom(int first, int count) {
        StreamLog log = stores.stream("S");
        for (int i = first; i < first + count; i++) {
            log.append(Subject.of("s." + i % 3), body(i), 0, i, null);
        }
        stores.run();
    }

    @Test
    void damagedSubjectEntryIsMadeAnew() {
        fill(30);
        byte[] key = ByteBuffer.allocate(11)
                .putLong(id())
                .put("s.1".getBytes(StandardCharsets.US_ASCII))
                .array();
        damage(() -> Tampering.flip(directory, Family.SUBJECTS, key, 3));
        StreamLog log = stores.stream("S");
        assertThatThrownBy(() -> log.lastSeq(Subject.of("s.1"))).isInstanceOf(StoreException.Corrupt.class);
        stores.run();
        assertThat(log.lastSeq(Subject.of("s.1"))).isEqualTo(28);
        assertThat(log.messages(Subject.of("s.1"))).isEqualTo(10);
        assertThat(log.state().subjects()).isEqualTo(3);
        assertThat(log.messages()).isEqualTo(30);
    }

    @Test
    void damagedNumbersAreCountedAnew() {
        fill(30);
        stores.stream("S").delete(7, RemovalVisitor.NONE);
        stores.stream("S").removeFirst(RemovalVisitor.NONE);
        stores.run();
        long bytes = stores.stream("S").bytes();
        byte[] key =
                ByteBuffer.allocate(9).put(StreamLog.NUMBERS_KEY).putLong(id()).array();
        damage(() -> Tampering.flip(directory, Family.METADATA, key, 3));
        StreamLog log = stores.stream("S");
        assertThat(log.lastSeq()).isEqualTo(30);
        // The first message was removed but is still on disk: without the numbers it counts again.
        assertThat(log.messages()).isEqualTo(29);
        assertThat(log.bytes()).isEqualTo(bytes + sizes(1, 1));
        assertThat(log.get(7)).isNull();
    }

    @Test
    void damagedStreamRecordIsReplacedByItsCopy() {
        fill(3);
        byte[] key = ByteBuffer.allocate(9).put((byte) 'S').putLong(id()).array();
        damage(() -> Tampering.flip(directory, Family.METADATA, key, 1));
        assertThat(stores.stream("S").messages()).isEqualTo(3);
        assertThat(stores.stream("S").config()).containsExactly(1, 2, 3);
    }

    @Test
    void damagedStreamRecordWithoutCopyLeavesOthersAlone() {
        fill(3);
        stores.stream("T").append(Subject.of("t"), body(1), 0, 1, null);
        stores.run();
        byte[] key = ByteBuffer.allocate(9).put((byte) 'S').putLong(id()).array();
        damage(() -> {
            Tampering.flip(directory, Family.METADATA, key, 1);
            assertThat(directory.resolve("definitions").toFile().delete()).isTrue();
        });
        assertThat(stores.store.streams().find("A", "S")).isNull();
        assertThat(stores.stream("T").messages()).isEqualTo(1);
        assertThat(stores.store.streams().create("A", "U", new byte[0], 0).id()).isGreaterThan(2);
    }

    @Test
    void damagedCursorIsNotTakenForAMissingOne() {
        stores.store.cursors().put("hub/telemetry", new byte[] {1});
        stores.run();
        damage(() -> Tampering.flip(directory, Family.CURSORS, "hub/telemetry".getBytes(StandardCharsets.US_ASCII), 0));
        assertThatThrownBy(() -> stores.store.cursors().get("hub/telemetry"))
                .isInstanceOf(StoreException.Corrupt.class);
    }

    private void flip(String ending, double at) {
        try {
            Tampering.flip(Tampering.largest(directory, ending), at);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private void truncate(String ending, double to) {
        try (FileChannel file = FileChannel.open(Tampering.largest(directory, ending), StandardOpenOption.WRITE)) {
            file.truncate((long) (file.size() * to));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
