package io.leafd.protocol;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes what a leaf connection sends. Pure functions on bytes, any thread.
 *
 * <p>A message is a head, the body as it came, and CR LF: {@link #messageHead} makes the head, so that a body need not be
 * copied before it meets the socket's buffer.
 */
public final class LeafFrames {
    private static final byte[] LS_ADD = ascii("LS+ ");
    private static final byte[] LS_REMOVE = ascii("LS- ");
    private static final byte[] LMSG = ascii("LMSG ");
    private static final byte[] HMSG = ascii("HMSG ");
    private static final byte[] QUEUES = ascii("| ");
    private static final byte[] REPLY_AND_QUEUES = ascii("+ ");
    private static final byte[] NO_BYTES = new byte[0];
    private static final String ACK_PREFIX = "$JS.ACK.";
    private static final int NUMBER_MAX_BYTES = 11;

    private LeafFrames() {}

    public static byte[] ping() {
        return ascii("PING\r\n");
    }

    public static byte[] pong() {
        return ascii("PONG\r\n");
    }

    /** {@code -ERR 'text'\r\n}. */
    public static byte[] error(String text) {
        return ("-ERR '" + text + "'\r\n").getBytes(StandardCharsets.UTF_8);
    }

    /** {@code INFO {json}\r\n}. */
    public static byte[] info(String json) {
        return ("INFO " + json + "\r\n").getBytes(StandardCharsets.UTF_8);
    }

    /** {@code CONNECT {json}\r\n}. */
    public static byte[] connect(String json) {
        return ("CONNECT " + json + "\r\n").getBytes(StandardCharsets.UTF_8);
    }

    /** {@code LS+ filter\r\n}, or {@code LS+ filter queue weight\r\n}. */
    public static byte[] interest(Subject filter, @Nullable Subject queue, int weight) {
        byte[] name = queue == null ? NO_BYTES : queue.bytes();
        var out = new byte[LS_ADD.length + filter.length() + name.length + NUMBER_MAX_BYTES + 4];
        int at = put(out, 0, LS_ADD);
        at = put(out, at, filter.bytes());
        if (queue != null) {
            at = putNumber(out, putWord(out, at, name), weight);
        }
        return Arrays.copyOf(out, putLineEnd(out, at));
    }

    /** {@code LS- filter\r\n}, or {@code LS- filter queue\r\n}. */
    public static byte[] noInterest(Subject filter, @Nullable Subject queue) {
        byte[] name = queue == null ? NO_BYTES : queue.bytes();
        var out = new byte[LS_REMOVE.length + filter.length() + name.length + 3];
        int at = put(out, 0, LS_REMOVE);
        at = put(out, at, filter.bytes());
        if (queue != null) {
            at = putWord(out, at, name);
        }
        return Arrays.copyOf(out, putLineEnd(out, at));
    }

    /** Room that {@link #messageHead} may need. */
    public static int messageHeadMaxBytes(MessageView message, List<Subject> queues) {
        Subject route = message.route;
        int names = 0;
        for (int i = 0; i < queues.size(); i++) {
            names += queues.get(i).length() + 1;
        }
        return LMSG.length
                + (route == null ? 0 : route.length() + 1)
                + message.subjectLength
                + message.replyLength
                + names
                + 2 * NUMBER_MAX_BYTES
                + 8;
    }

    /**
     * Writes the line before a message's body, {@code LMSG subject [reply] size\r\n} or one of its eight sisters. A consumer's
     * delivery goes to its {@link MessageView#route}, with the subject to show behind the reply.
     *
     * @param queues the groups that the receiver was chosen for
     * @param headers whether the receiver reads headers; if not, the line is that of the payload alone, and the caller
     *     leaves out the first {@link MessageView#headerLength} bytes of the body
     * @return the end of the line in {@code out}, which needs {@link #messageHeadMaxBytes} free bytes
     */
    public static int messageHead(byte[] out, int offset, MessageView message, List<Subject> queues, boolean headers) {
        boolean withHeaders = headers && message.headerLength > 0;
        Subject route = message.route;
        int at = put(out, offset, withHeaders ? HMSG : LMSG);
        if (route == null) {
            at = put(out, at, message.buf, message.subjectOffset, message.subjectLength);
        } else {
            at = put(out, at, route.bytes());
        }
        out[at++] = ' ';
        if (!queues.isEmpty()) {
            at = put(out, at, message.hasReply() ? REPLY_AND_QUEUES : QUEUES);
        }
        if (message.hasReply()) {
            at = put(out, at, message.buf, message.replyOffset, message.replyLength);
            if (route != null && showsSubject(message, route)) {
                out[at++] = '@';
                at = put(out, at, message.buf, message.subjectOffset, message.subjectLength);
            }
            out[at++] = ' ';
        }
        for (int i = 0; i < queues.size(); i++) {
            at = put(out, at, queues.get(i).bytes());
            out[at++] = ' ';
        }
        if (withHeaders) {
            at = putDigits(out, at, message.headerLength);
            out[at++] = ' ';
        }
        at = putDigits(out, at, headers ? message.bodyLength : message.payloadLength());
        return putLineEnd(out, at);
    }

    private static boolean showsSubject(MessageView message, Subject route) {
        return Subjects.startsWith(message.buf, message.replyOffset, message.replyLength, ACK_PREFIX)
                && !route.sameBytes(message.buf, message.subjectOffset, message.subjectLength);
    }

    private static int put(byte[] out, int at, byte[] bytes) {
        return put(out, at, bytes, 0, bytes.length);
    }

    private static int put(byte[] out, int at, byte[] bytes, int offset, int length) {
        System.arraycopy(bytes, offset, out, at, length);
        return at + length;
    }

    private static int putWord(byte[] out, int at, byte[] word) {
        out[at] = ' ';
        return put(out, at + 1, word);
    }

    private static int putNumber(byte[] out, int at, int value) {
        out[at] = ' ';
        return putDigits(out, at + 1, value);
    }

    private static int putDigits(byte[] out, int at, int value) {
        int digits = 1;
        for (int rest = value / 10; rest > 0; rest /= 10) {
            digits++;
        }
        int rest = value;
        for (int i = at + digits - 1; i >= at; i--) {
            out[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        return at + digits;
    }

    private static int putLineEnd(byte[] out, int at) {
        out[at] = '\r';
        out[at + 1] = '\n';
        return at + 2;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
