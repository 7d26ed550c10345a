package io.leafd.bench.load;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Bytes of NATS frames, made once before a run. Pure. */
public final class Frames {
    private Frames() {}

    /** {@code PUB subject [reply] size\r\npayload\r\n}; an empty reply is left out. */
    public static byte[] pub(String subject, String reply, int payloadBytes) {
        return pub(subject, reply, "x".repeat(payloadBytes));
    }

    /** {@code PUB subject [reply] size\r\npayload\r\n} with an ASCII payload; an empty reply is left out. */
    public static byte[] pub(String subject, String reply, String payload) {
        String target = reply.isEmpty() ? subject : subject + " " + reply;
        return ascii("PUB %s %d\r\n%s\r\n".formatted(target, payload.length(), payload));
    }

    /** Length of the {@code MSG} that a subscriber with this sid gets for a message without reply. */
    public static int msgBytes(String subject, String sid, int payloadBytes) {
        return "MSG %s %s %d\r\n\r\n".formatted(subject, sid, payloadBytes).length() + payloadBytes;
    }

    /** The frame as often as it fits into {@code bytes}, at least once, ready to be written. */
    public static ByteBuffer repeated(byte[] frame, int bytes) {
        int times = Math.max(1, bytes / frame.length);
        ByteBuffer block = ByteBuffer.allocateDirect(times * frame.length);
        for (int i = 0; i < times; i++) {
            block.put(frame);
        }
        return block.flip();
    }

    /** One byte per character. */
    public static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
