package io.leafd.store.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.leafd.protocol.Subject;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class TailTest {
    private static final long MEMORY_BYTES = 64 << 10;
    private static final Subject SUBJECT = Subject.of("plant.press.7");

    private final TailMemory memory = new TailMemory(MEMORY_BYTES);
    private final Tail tail = new Tail(memory);

    @Test
    void givesBackWhatWasAppended() {
        append(tail, 1, "one");
        append(tail, 2, "two");

        assertThat(text(tail, 1)).isEqualTo("one");
        assertThat(text(tail, 2)).isEqualTo("two");
        assertThat(tail.covers(3)).isFalse();
    }

    @Test
    void aDeletedMessageIsCoveredAndNotThere() {
        append(tail, 1, "one");
        append(tail, 2, "two");
        append(tail, 3, "three");

        tail.remove(2);

        assertThat(tail.covers(2)).isTrue();
        assertThat(tail.record(2)).isNull();
        assertThat(text(tail, 3)).isEqualTo("three");
    }

    @Test
    void keepsTheNewestThatFitAndForgetsTheOldest() {
        int count = 10_000;
        for (int seq = 1; seq <= count; seq++) {
            append(tail, seq, "message " + seq);
        }

        long first = count;
        while (tail.covers(first - 1)) {
            first--;
            assertThat(text(tail, first)).isEqualTo("message " + first);
        }
        assertThat(count - first).isBetween(800L, 1_500L); // of about fifty bytes each, in all but the last block
        assertThat(tail.covers(1)).isFalse();
        assertThat(memory.bytes()).isEqualTo(MEMORY_BYTES);
    }

    @Test
    void whatAnotherStreamTakesInPushesOut() {
        append(tail, 1, "one");
        var other = new Tail(memory);
        for (int seq = 1; seq <= 10_000; seq++) {
            append(other, seq, "message " + seq);
        }

        assertThat(tail.covers(1)).isFalse();
        append(tail, 2, "two");
        assertThat(text(tail, 2)).isEqualTo("two");
    }

    @Test
    void startsAnewBehindAGap() {
        append(tail, 1, "one");
        append(tail, 5, "five");

        assertThat(tail.covers(1)).isFalse();
        assertThat(tail.covers(4)).isFalse();
        assertThat(text(tail, 5)).isEqualTo("five");
    }

    @Test
    void doesNotKeepAMessageLargerThanABlock() {
        append(tail, 1, "one");
        append(tail, 2, "x".repeat((int) MEMORY_BYTES));
        append(tail, 3, "three");

        assertThat(tail.covers(1)).isFalse();
        assertThat(tail.covers(2)).isFalse();
        assertThat(text(tail, 3)).isEqualTo("three");
    }

    @Test
    void dropsWhatIsBelow() {
        append(tail, 1, "one");
        append(tail, 2, "two");
        append(tail, 3, "three");

        tail.dropBelow(3);
        tail.removeRange(1, 3);

        assertThat(tail.covers(2)).isFalse();
        assertThat(text(tail, 3)).isEqualTo("three");
        tail.clear();
        assertThat(tail.covers(3)).isFalse();
    }

    private static void append(Tail to, long seq, String text) {
        to.append(new NewMessage(seq, seq, SUBJECT, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), 0));
    }

    private static String text(Tail from, long seq) {
        assertThat(from.covers(seq)).as("covers %d", seq).isTrue();
        ByteBuffer record = from.record(seq);
        assertThat(record).isNotNull();
        StoredMessage message = MessageRecord.read(seq, record, null);
        assertThat(message.timestampNs()).isEqualTo(seq);
        assertThat(message.subject()).isEqualTo(SUBJECT);
        return new String(message.body(), StandardCharsets.UTF_8);
    }
}
