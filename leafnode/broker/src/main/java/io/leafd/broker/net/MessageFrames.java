package io.leafd.broker.net;

import io.leafd.protocol.MessageView;
import io.netty.buffer.ByteBuf;

/** Writes {@code MSG} and {@code HMSG} frames. Pure. */
final class MessageFrames {
    private static final byte[] MSG = {'M', 'S', 'G', ' '};
    private static final byte[] HMSG = {'H', 'M', 'S', 'G', ' '};

    private MessageFrames() {}

    /**
     * Appends the frame for one subscription: {@code MSG subject sid [reply] size\r\npayload\r\n}.
     *
     * @param headers whether the receiver understands headers; if not, they are left out
     */
    static void write(ByteBuf out, MessageView message, byte[] sid, boolean headers) {
        boolean withHeaders = headers && message.headerLength > 0;
        out.writeBytes(withHeaders ? HMSG : MSG);
        out.writeBytes(message.buf, message.subjectOffset, message.subjectLength);
        out.writeByte(' ');
        out.writeBytes(sid);
        out.writeByte(' ');
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

    private static void writeNumber(ByteBuf out, int number) {
        String digits = Integer.toString(number);
        for (int i = 0; i < digits.length(); i++) {
            out.writeByte(digits.charAt(i));
        }
    }
}
