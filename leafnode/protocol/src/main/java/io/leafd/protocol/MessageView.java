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
    private static final byte[] NO_ROOM = {};

    public byte[] buf = NO_ROOM;
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

    /** {@link #set(Message, Subject, byte[])} in an array of its own. */
    public void set(Message message, @Nullable Subject newRoute) {
        set(message, newRoute, NO_ROOM);
    }

    /**
     * Points this view at a copy of {@code message}, laid out like a published frame so that it has a {@link #tailLength}.
     *
     * @param newRoute see {@link #route}
     * @param room where the copy is written if it fits in, else an array is made; for as long as the view is used
     */
    public void set(Message message, @Nullable Subject newRoute, byte[] room) {
        byte[] subject = message.subject().bytes();
        byte[] body = message.body();
        Subject replyTo = message.reply();
        String sizes = (message.headerLength() > 0 ? message.headerLength() + " " : "") + body.length + "\r\n";
        replyLength = replyTo == null ? 0 : replyTo.length();
        replyOffset = subject.length + 1;
        int sizesOffset = replyOffset + (replyTo == null ? 0 : replyLength + 1);
        bodyOffset = sizesOffset + sizes.length();
        int end = bodyOffset + body.length + 2;
        buf = end <= room.length ? room : new byte[end];
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
        buf[end - 2] = '\r';
        buf[end - 1] = '\n';
        subjectOffset = 0;
        subjectLength = subject.length;
        bodyLength = body.length;
        headerLength = message.headerLength();
        tailOffset = replyOffset;
        tailLength = end - tailOffset;
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
