package io.leafd.store.log;

import io.leafd.protocol.Subject;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The body of a message's record. Pure functions.
 *
 * <pre>
 *   timestamp ns (8) | subject bytes (2) | header bytes (4) | subject | header block | payload
 * </pre>
 */
final class MessageRecord {
    static final int FIXED_BYTES = 14;
    static final int SUBJECT_BYTES_MAX = 0xffff;

    private MessageRecord() {}

    static void write(ByteBuffer to, NewMessage message) {
        Subject subject = message.subject();
        ByteBuffer body = message.body();
        int length = body.remaining();
        to.putLong(message.timestampNs())
                .putShort((short) subject.length())
                .putInt(message.headerBytes())
                .put(subject.bytes());
        to.put(to.position(), body, body.position(), length).position(to.position() + length);
    }

    /**
     * Reads a checked body.
     *
     * @param likely the subject it probably has: used instead of a new object if it is the same
     */
    static StoredMessage read(long seq, ByteBuffer from, @Nullable Subject likely) {
        long timestampNs = from.getLong();
        int subjectBytes = from.getShort() & 0xffff;
        int headerBytes = from.getInt();
        Subject subject;
        if (likely != null && isNext(from, likely, subjectBytes)) {
            subject = likely;
            from.position(from.position() + subjectBytes);
        } else {
            byte[] bytes = new byte[subjectBytes];
            from.get(bytes);
            subject = Subject.copyOf(bytes, 0, subjectBytes);
        }
        byte[] body = new byte[from.remaining()];
        from.get(body);
        return new StoredMessage(seq, timestampNs, subject, body, headerBytes);
    }

    private static boolean isNext(ByteBuffer from, Subject subject, int length) {
        byte[] bytes = subject.bytes();
        if (bytes.length != length) {
            return false;
        }
        int at = from.position();
        for (int i = 0; i < length; i++) {
            if (from.get(at + i) != bytes[i]) {
                return false;
            }
        }
        return true;
    }

    /** Whether a body has the shape of a message: lengths that fit, and a subject. */
    static boolean isShaped(ByteBuffer body) {
        if (body.remaining() < FIXED_BYTES) {
            return false;
        }
        int subjectBytes = subjectBytes(body);
        int headerBytes = body.getInt(body.position() + 10);
        return subjectBytes > 0
                && headerBytes >= 0
                && FIXED_BYTES + (long) subjectBytes + headerBytes <= body.remaining();
    }

    /** Length of the subject of a body, which is left as it is. */
    static int subjectBytes(ByteBuffer body) {
        return body.getShort(body.position() + 8) & 0xffff;
    }

    /** Copies the subject of a body, which is left as it is. */
    static void copySubject(ByteBuffer body, byte[] to, int subjectBytes) {
        body.get(body.position() + FIXED_BYTES, to, 0, subjectBytes);
    }

    /** What limits need to know of a message. */
    static MessageHead readHead(long seq, ByteBuffer from) {
        long timestampNs = from.getLong();
        int subjectBytes = from.getShort() & 0xffff;
        int headerBytes = from.getInt();
        byte[] subject = new byte[subjectBytes];
        from.get(subject);
        int payloadBytes = from.remaining() - headerBytes;
        return new MessageHead(
                seq,
                timestampNs,
                Subject.copyOf(subject, 0, subjectBytes),
                StoredMessage.sizeBytes(subjectBytes, headerBytes, payloadBytes));
    }
}
