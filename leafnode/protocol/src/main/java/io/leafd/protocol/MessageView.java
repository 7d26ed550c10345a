package io.leafd.protocol;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A message in the buffer it was read into. Owned by the event loop that parses; valid only during the call it is passed
 * to: whoever needs it longer takes {@link #toMessage}.
 *
 * <p>Shape: {@code body} is the header block followed by the payload. {@code tail} is the unchanged rest of the PUB or
 * HPUB behind the subject and its blank, {@code [reply] size\r\nbody\r\n}; it lets a delivery be one copy instead of a
 * new encoding. {@code tailLength} is 0 when the sender's spacing was unusual or the frame was another one.
 */
public final class MessageView {
    public byte[] buf = new byte[0];
    public int subjectOffset;
    public int subjectLength;
    public int replyOffset;
    public int replyLength;
    public int bodyOffset;
    public int bodyLength;
    public int headerLength;
    public int tailOffset;
    public int tailLength;

    /** The subject to route by where that differs from the one shown (consumer deliveries); null means the same. */
    public @Nullable Subject route;

    /** Points this view at a message of its own; one copy of its bytes. */
    public void set(Message message, @Nullable Subject newRoute) {
        Subject reply = message.reply();
        int subject = message.subject().length();
        int replyBytes = reply == null ? 0 : reply.length();
        byte[] all = new byte[subject + replyBytes + message.body().length];
        System.arraycopy(message.subject().bytes(), 0, all, 0, subject);
        if (reply != null) {
            System.arraycopy(reply.bytes(), 0, all, subject, replyBytes);
        }
        System.arraycopy(message.body(), 0, all, subject + replyBytes, message.body().length);
        buf = all;
        subjectOffset = 0;
        subjectLength = subject;
        replyOffset = subject;
        replyLength = replyBytes;
        bodyOffset = subject + replyBytes;
        bodyLength = message.body().length;
        headerLength = message.headerLength();
        tailOffset = 0;
        tailLength = 0;
        route = newRoute;
    }

    /** A copy that stays valid. */
    public Message toMessage() {
        return new Message(
                subject(), reply(), Arrays.copyOfRange(buf, bodyOffset, bodyOffset + bodyLength), headerLength);
    }

    /** A copy of the subject. */
    public Subject subject() {
        return Subject.copyOf(buf, subjectOffset, subjectLength);
    }

    /** A copy of the reply subject, or null. */
    public @Nullable Subject reply() {
        return replyLength == 0 ? null : Subject.copyOf(buf, replyOffset, replyLength);
    }

    /** Whether an answer is wanted. */
    public boolean hasReply() {
        return replyLength > 0;
    }

    /** Bytes of the payload, without headers. */
    public int payloadLength() {
        return bodyLength - headerLength;
    }

    /** The value of a header (exact case, first occurrence), or null. */
    public @Nullable String header(String name) {
        return Headers.first(buf, bodyOffset, headerLength, name);
    }
}
