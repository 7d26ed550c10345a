package io.leafd.test.faults;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Which message of which writer. A payload is made from its id alone, so that a reader can tell each wrong byte. Immutable.
 *
 * <p>Payload: {@code WRITER NUMBER } in ASCII, then between 60 and 460 bytes of any value that follow from both.
 *
 * @param writer index of the writer in its ledger
 * @param number from 1, in the order in which the writer sent
 */
record MessageId(int writer, int number) implements Comparable<MessageId> {
    private static final int FILL_MIN_BYTES = 60;
    private static final int FILL_SPREAD = 400;
    private static final int HEAD_MAX_BYTES = 24;

    /** The payload of this message. */
    byte[] payload() {
        byte[] head = "%d %d ".formatted(writer, number).getBytes(StandardCharsets.US_ASCII);
        long state = mix(writer * 0x9E3779B97F4A7C15L + number);
        byte[] payload =
                Arrays.copyOf(head, head.length + FILL_MIN_BYTES + (int) Long.remainderUnsigned(state, FILL_SPREAD));
        for (int i = head.length; i < payload.length; i++) {
            state = mix(state + i);
            payload[i] = (byte) state;
        }
        return payload;
    }

    /** The message that has exactly this payload; null if none has. */
    static @Nullable MessageId of(byte[] payload) {
        String head = new String(payload, 0, Math.min(payload.length, HEAD_MAX_BYTES), StandardCharsets.ISO_8859_1);
        String[] parts = head.split(" ", 3);
        if (parts.length != 3 || !isNumber(parts[0]) || !isNumber(parts[1])) {
            return null;
        }
        var id = new MessageId(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
        return Arrays.equals(id.payload(), payload) ? id : null;
    }

    @Override
    public int compareTo(MessageId other) {
        return writer == other.writer ? Integer.compare(number, other.number) : Integer.compare(writer, other.writer);
    }

    @Override
    public String toString() {
        return writer + "-" + number;
    }

    private static boolean isNumber(String text) {
        return !text.isEmpty() && text.length() < 10 && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    /** The finalizer of SplitMix64. */
    private static long mix(long value) {
        long mixed = (value ^ value >>> 30) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94D049BB133111EBL;
        return mixed ^ mixed >>> 31;
    }
}
