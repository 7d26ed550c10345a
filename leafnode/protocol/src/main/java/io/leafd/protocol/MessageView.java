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

    /**
     * Points this view at a copy of {@code message}, laid out like a published frame so that it has a {@link #tailLength}.
     *
     * @param newRoute see {@link #route}
     */
    public void set(Message message, @Nullable Subject newRoute) {
        byte[] subject = message.subject().bytes();
        byte[] body = message.body();
        Subject replyTo = message.reply();
        String sizes = (message.headerLength() > 0 ? message.headerLength() + " " : "") + body.length + "\r\n";
        replyLength = replyTo == null ? 0 : replyTo.length();
        replyOffset = subject.length + 1;
        int sizesOffset = replyOffset + (replyTo == null ? 0 : replyLength + 1);
        bodyOffset = sizesOffset + sizes.length();
        buf = new byte[bodyOffset + body.length + 2];
        System.arraycopy(subject, 0, buf, 0, subject.length);
        buf[subject.length] = ' ';
        if (replyTo != null) {
            System.arraycopy(replyTo.bytes(), 0, buf, replyOffset, replyLength);
            buf[replyOffset + replyLength] = ' ';
        }
        for (int i = 0; i < sizes.length(); i++) {
            buf[sizesOffset + i] = (byte) sizes.charAt(i);
        }
        System.arraycopy(body, 0, buf, bodyOffset, body.length);
        buf[buf.length - 2] = '\r';
        buf[buf.length - 1] = '\n';
        subjectOffset = 0;
        subjectLength = subject.length;
        bodyLength = body.length;
        headerLength = message.headerLength();
        tailOffset = replyOffset;
        tailLength = buf.length - tailOffset;
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
