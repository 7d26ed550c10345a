package io.leafd.jetstream.consumer.ack;

import io.leafd.protocol.Subject;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The reply subject of a delivery, to which acknowledgements are published. Immutable.
 *
 * <p>Two forms are understood, told apart by the number of tokens, since names hold no dot:
 *
 * <pre>
 * $JS.ACK.&lt;stream&gt;.&lt;consumer&gt;.&lt;deliveries&gt;.&lt;stream seq&gt;.&lt;consumer seq&gt;.&lt;ns&gt;.&lt;pending&gt;                          9 tokens
 * $JS.ACK.&lt;domain&gt;.&lt;account hash&gt;.&lt;stream&gt;.&lt;consumer&gt;.&lt;the same five&gt;[.&lt;more&gt;]              11 or more
 * </pre>
 *
 * Only the first is written, as nats-server 2.15 does unless told otherwise.
 *
 * @param deliveries how often this message was delivered, this time included
 * @param streamSeq its sequence in the stream
 * @param consumerSeq the number of this delivery
 */
public record AckSubject(long deliveries, long streamSeq, long consumerSeq) {
    private static final int SHORT_TOKENS = 9;
    private static final int LONG_TOKENS = 11;

    /** The numbers of an acknowledgement's subject; null if it has neither form or a number is none. */
    public static @Nullable AckSubject parse(Subject subject) {
        return parse(subject.bytes(), 0, subject.length());
    }

    /** {@link #parse(Subject)} of {@code buf[from, end)}. */
    public static @Nullable AckSubject parse(byte[] buf, int from, int end) {
        int tokens = 1;
        for (int i = from; i < end; i++) {
            tokens += buf[i] == '.' ? 1 : 0;
        }
        if (tokens != SHORT_TOKENS && tokens < LONG_TOKENS) {
            return null;
        }
        int at = skipTokens(buf, from, tokens == SHORT_TOKENS ? 4 : 6);
        long deliveries = number(buf, at, end);
        at = skipTokens(buf, at, 1);
        long streamSeq = number(buf, at, end);
        at = skipTokens(buf, at, 1);
        long consumerSeq = number(buf, at, end);
        return deliveries < 0 || streamSeq < 0 || consumerSeq < 0
                ? null
                : new AckSubject(deliveries, streamSeq, consumerSeq);
    }

    /**
     * The reply subject of one delivery.
     *
     * @param prefix {@link #prefix} of the consumer
     * @param timestampNs when the message was stored
     * @param pending matching messages behind it that were not delivered yet
     */
    public Subject format(byte[] prefix, long timestampNs, long pending) {
        byte[] out = new byte[prefix.length + 5 * 20 + 4];
        System.arraycopy(prefix, 0, out, 0, prefix.length);
        int at = put(out, prefix.length, deliveries);
        at = put(out, dot(out, at), streamSeq);
        at = put(out, dot(out, at), consumerSeq);
        at = put(out, dot(out, at), timestampNs);
        at = put(out, dot(out, at), pending);
        return Subject.copyOf(out, 0, at);
    }

    /** What the reply subjects of a consumer begin with: {@code $JS.ACK.<stream>.<consumer>.} */
    public static byte[] prefix(String stream, String consumer) {
        return ("$JS.ACK." + stream + "." + consumer + ".").getBytes(StandardCharsets.UTF_8);
    }

    private static int skipTokens(byte[] bytes, int from, int count) {
        int at = from;
        for (int left = count; left > 0; at++) {
            if (bytes[at] == '.') {
                left--;
            }
        }
        return at;
    }

    private static long number(byte[] bytes, int from, int end) {
        long value = 0;
        int at = from;
        for (; at < end && bytes[at] != '.'; at++) {
            int digit = bytes[at] - '0';
            if (digit < 0 || digit > 9 || value > (Long.MAX_VALUE - 9) / 10) {
                return -1;
            }
            value = value * 10 + digit;
        }
        return at == from ? -1 : value;
    }

    private static int dot(byte[] out, int at) {
        out[at] = '.';
        return at + 1;
    }

    private static int put(byte[] out, int at, long number) {
        long rest = Math.max(0, number);
        int end = at;
        do {
            out[end++] = (byte) ('0' + rest % 10);
            rest /= 10;
        } while (rest > 0);
        for (int left = at, right = end - 1; left < right; left++, right--) {
            byte swap = out[left];
            out[left] = out[right];
            out[right] = swap;
        }
        return end;
    }
}
