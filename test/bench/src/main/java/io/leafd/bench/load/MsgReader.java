package io.leafd.bench.load;

import java.nio.charset.StandardCharsets;

/**
 * Finds the {@code MSG} and {@code HMSG} frames in what a server sends and skips the rest. Owned by the client that reads.
 *
 * <p>The bytes that {@link #room} lends are filled by the socket; {@link #next} then stands on one frame after the other. The
 * unfinished rest moves to the front when room is asked for again. Bound: one frame must fit into {@value #BUFFER_BYTES} bytes.
 */
final class MsgReader {
    static final int BUFFER_BYTES = 1 << 20;

    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int from;
    private int to;
    private int replyFrom;
    private int replyTo;
    private int bodyFrom;
    private int bodyTo;
    private int headerBytes;
    private boolean pinged;

    /** The array to fill from {@link #fillFrom} on. */
    byte[] room() {
        if (from > 0) {
            System.arraycopy(buffer, from, buffer, 0, to - from);
            to -= from;
            from = 0;
        }
        if (to == buffer.length) {
            throw new IllegalStateException("a frame of more than " + BUFFER_BYTES + " bytes");
        }
        return buffer;
    }

    int fillFrom() {
        return to;
    }

    /** So many bytes were added at {@link #fillFrom}. */
    void filled(int bytes) {
        to += bytes;
    }

    /** Whether the server has asked for a PONG since this was last asked. */
    boolean takePinged() {
        boolean was = pinged;
        pinged = false;
        return was;
    }

    /**
     * Goes to the next whole message.
     *
     * @return false when there is none: more must be read
     * @throws IllegalStateException when the server sent {@code -ERR}
     */
    boolean next() {
        while (true) {
            int lf = from;
            while (lf < to && buffer[lf] != '\n') {
                lf++;
            }
            if (lf >= to) {
                return false;
            }
            switch (buffer[from]) {
                case 'M' -> {
                    return message(lf, false);
                }
                case 'H' -> {
                    return message(lf, true);
                }
                case '-' -> throw new IllegalStateException("the server says: " + text(from, lf));
                case 'P' -> pinged |= buffer[from + 1] == 'I';
                default -> {} // INFO, +OK
            }
            from = lf + 1;
        }
    }

    private boolean message(int lf, boolean headers) {
        int lineEnd = lf - 1;
        int sizeFrom = lastBlank(lineEnd) + 1;
        int total = number(sizeFrom, lineEnd);
        int end = lf + 1 + total + 2;
        if (end > to) {
            return false;
        }
        int numbersFrom = headers ? lastBlank(sizeFrom - 1) + 1 : sizeFrom;
        headerBytes = headers ? number(numbersFrom, sizeFrom - 1) : 0;
        int sidEnd = blank(blank(blank(from) + 1) + 1);
        replyFrom = Math.min(sidEnd + 1, numbersFrom);
        replyTo = Math.max(replyFrom, numbersFrom - 1);
        bodyFrom = lf + 1;
        bodyTo = lf + 1 + total;
        from = end;
        return true;
    }

    /** The message's reply subject; empty for none. */
    String reply() {
        return text(replyFrom, replyTo);
    }

    /** Copies the reply subject. */
    int copyReply(byte[] target, int at) {
        System.arraycopy(buffer, replyFrom, target, at, replyTo - replyFrom);
        return at + replyTo - replyFrom;
    }

    /** Headers and payload of the message. */
    String body() {
        return text(bodyFrom, bodyTo);
    }

    int bodyLength() {
        return bodyTo - bodyFrom;
    }

    /** Whether the message is a status ({@code NATS/1.0 404 …}) without payload. */
    boolean status() {
        return headerBytes > 0 && headerBytes == bodyTo - bodyFrom && buffer[bodyFrom + 8] == ' ';
    }

    /** Whether the payload of an answer of JetStream's API tells of an error. */
    boolean error() {
        return bodyTo > bodyFrom && body().contains("\"error\"");
    }

    private int blank(int at) {
        int i = at;
        while (buffer[i] != ' ' && buffer[i] != '\r') {
            i++;
        }
        return i;
    }

    private int lastBlank(int before) {
        int i = before - 1;
        while (buffer[i] != ' ') {
            i--;
        }
        return i;
    }

    private int number(int numberFrom, int numberTo) {
        int value = 0;
        for (int i = numberFrom; i < numberTo; i++) {
            value = 10 * value + buffer[i] - '0';
        }
        return value;
    }

    private String text(int textFrom, int textTo) {
        return new String(buffer, textFrom, textTo - textFrom, StandardCharsets.US_ASCII);
    }
}
