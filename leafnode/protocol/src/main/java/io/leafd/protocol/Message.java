package io.leafd.protocol;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A message that owns its bytes: what remains of a publish when it leaves the read buffer. Immutable by contract, any
 * thread.
 *
 * @param subject the subject that receivers see
 * @param reply where an answer is wanted
 * @param body header block and payload, one behind the other, as on the wire; not copied
 * @param headerLength bytes of the header block in {@code body}, 0 if there is none
 */
public record Message(Subject subject, @Nullable Subject reply, byte[] body, int headerLength) {
    private static final byte[] EMPTY = new byte[0];

    /** A message without headers. */
    public static Message of(Subject subject, byte[] payload) {
        return new Message(subject, null, payload, 0);
    }

    /** A message without payload. */
    public static Message empty(Subject subject) {
        return new Message(subject, null, EMPTY, 0);
    }

    /** A message whose header block is {@code headers}, which must end with an empty line, or be empty. */
    public static Message withHeaders(Subject subject, @Nullable Subject reply, byte[] headers, byte[] payload) {
        if (headers.length == 0) {
            return new Message(subject, reply, payload, 0);
        }
        byte[] body = Arrays.copyOf(headers, headers.length + payload.length);
        System.arraycopy(payload, 0, body, headers.length, payload.length);
        return new Message(subject, reply, body, headers.length);
    }

    /** Bytes of the payload. */
    public int payloadLength() {
        return body.length - headerLength;
    }

    /** A copy of the payload. */
    public byte[] payload() {
        return headerLength == 0 ? body : Arrays.copyOfRange(body, headerLength, body.length);
    }

    /** The value of a header (exact case, first occurrence), or null. */
    public @Nullable String header(String name) {
        return Headers.first(body, 0, headerLength, name);
    }

    /** The same message asking for answers at {@code newReply}. */
    public Message withReply(@Nullable Subject newReply) {
        return new Message(subject, newReply, body, headerLength);
    }

    /** The same message under another subject. */
    public Message withSubject(Subject newSubject) {
        return new Message(newSubject, reply, body, headerLength);
    }

    @Override
    public String toString() {
        return "Message[" + subject + (reply == null ? "" : " reply " + reply) + ", " + body.length + " bytes]";
    }
}
