package io.leafd.jetstream.stream;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The headers of a published message that mean something to a stream: those that begin with {@code Nats-}, found in one walk over
 * the block. Names count with their case; the first of several wins. Immutable.
 */
final class PublishHeaders {
    static final String MSG_ID = "Nats-Msg-Id";
    static final String EXPECTED_STREAM = "Nats-Expected-Stream";
    static final String EXPECTED_LAST_SEQUENCE = "Nats-Expected-Last-Sequence";
    static final String EXPECTED_LAST_SUBJECT_SEQUENCE = "Nats-Expected-Last-Subject-Sequence";
    static final String EXPECTED_LAST_SUBJECT_SEQUENCE_SUBJECT = "Nats-Expected-Last-Subject-Sequence-Subject";
    static final String EXPECTED_LAST_MSG_ID = "Nats-Expected-Last-Msg-Id";
    static final String ROLLUP = "Nats-Rollup";
    static final String TTL = "Nats-TTL";
    static final String INCREMENT = "Nats-Incr";
    static final String STREAM_SOURCE = "Nats-Stream-Source";
    static final String BATCH_ID = "Nats-Batch-Id";
    static final String SCHEDULE = "Nats-Schedule";

    private static final byte[] PREFIX = "Nats-".getBytes(StandardCharsets.US_ASCII);
    private static final PublishHeaders NONE = new PublishHeaders(Map.of());

    private final Map<String, String> values;

    private PublishHeaders(Map<String, String> values) {
        this.values = values;
    }

    /** The headers of a block, which may be empty. */
    static PublishHeaders of(byte[] block) {
        if (block.length == 0) {
            return NONE;
        }
        Map<String, String> values = null;
        int end = block.length;
        int at = lineEnd(block, 0, end) + 1;
        while (at < end) {
            int lineEnd = lineEnd(block, at, end);
            if (startsWithPrefix(block, at, lineEnd)) {
                if (values == null) {
                    values = new HashMap<>();
                }
                put(values, new String(block, at, lineEnd - at, StandardCharsets.UTF_8));
            }
            at = lineEnd + 1;
        }
        return values == null ? NONE : new PublishHeaders(values);
    }

    /** Whether there is none that could matter. */
    boolean isEmpty() {
        return values.isEmpty();
    }

    /** The value with blanks around it removed, or null. */
    @Nullable
    String get(String name) {
        return values.get(name);
    }

    /** The value, or null if it is missing or empty. */
    @Nullable
    String nonEmpty(String name) {
        String value = values.get(name);
        return value == null || value.isEmpty() ? null : value;
    }

    private static void put(Map<String, String> values, String line) {
        int colon = line.indexOf(':');
        if (colon > 0) {
            values.putIfAbsent(
                    line.substring(0, colon), line.substring(colon + 1).strip());
        }
    }

    private static boolean startsWithPrefix(byte[] block, int at, int end) {
        if (end - at < PREFIX.length) {
            return false;
        }
        for (int i = 0; i < PREFIX.length; i++) {
            if (block[at + i] != PREFIX[i]) {
                return false;
            }
        }
        return true;
    }

    private static int lineEnd(byte[] block, int from, int end) {
        int at = from;
        while (at < end && block[at] != '\n') {
            at++;
        }
        return at;
    }
}
