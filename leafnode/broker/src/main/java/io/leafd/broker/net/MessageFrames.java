package io.leafd.broker.net;

import io.leafd.broker.interest.Subscription;
import io.leafd.protocol.MessageView;
import io.netty.buffer.ByteBuf;

/** Writes {@code MSG} and {@code HMSG} frames. Pure. */
final class MessageFrames {
    private static final byte[] HMSG = {'H', 'M', 'S', 'G', ' '};

    private static final int OVERHEAD_MAX = 32; // operation, blanks, sizes, line ends

    private MessageFrames() {}

    /**
     * Appends the frame for one subscription: {@code MSG subject sid [reply] size\r\npayload\r\n}.
     *
     * @param headers whether the receiver understands headers; if not, they are left out
     */
    static void write(ByteBuf out, MessageView message, Subscription subscription, boolean headers) {
        boolean withHeaders = headers && message.headerLength > 0;
        writeHead(out, message, subscription, withHeaders);
        if (message.tailLength > 0 && (withHeaders || message.headerLength == 0)) {
            out.writeBytes(message.buf, message.tailOffset, message.tailLength);
            return;
        }
        if (message.replyLength > 0) {
            out.writeBytes(message.buf, message.replyOffset, message.replyLength);
            out.writeByte(' ');
        }
        int skipped = withHeaders ? 0 : message.headerLength;
        if (withHeaders) {
            writeNumber(out, message.headerLength);
            out.writeByte(' ');
        }
        writeNumber(out, message.bodyLength - skipped);
        out.writeByte('\r').writeByte('\n');
        out.writeBytes(message.buf, message.bodyOffset + skipped, message.bodyLength - skipped);
        out.writeByte('\r').writeByte('\n');
    }

    /** Appends what stands in front of the reply: {@code MSG subject sid }, or {@code HMSG}. */
    static void writeHead(ByteBuf out, MessageView message, Subscription subscription, boolean withHeaders) {
        if (withHeaders) {
            out.writeBytes(HMSG);
            out.writeBytes(message.buf, message.subjectOffset, message.subjectLength);
            out.writeByte(' ');
            out.writeBytes(subscription.line(), subscription.sidOffset(), subscription.sidLength());
            out.writeByte(' ');
        } else {
            out.writeBytes(subscription.head(message));
        }
    }

    /** Bytes that {@link #write} appends, at most some more than needed. */
    static int bytesMax(MessageView message, Subscription subscription) {
        return headBytesMax(message, subscription) + message.replyLength + message.bodyLength;
    }

    /** Bytes that {@link #writeHead} appends, at most some more than needed. */
    static int headBytesMax(MessageView message, Subscription subscription) {
        return message.subjectLength + subscription.sidLength() + OVERHEAD_MAX;
    }

    private static void writeNumber(ByteBuf out, int number) {
        String digits = Integer.toString(number);
        for (int i = 0; i < digits.length(); i++) {
            out.writeByte(digits.charAt(i));
        }
    }
}
