package io.leafd.jetstream.consumer.ack;

import io.leafd.jetstream.json.GoDuration;
import io.leafd.protocol.json.Json;
import io.leafd.protocol.json.JsonException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What an acknowledgement says, read from its payload. Immutable.
 *
 * <p>Source: ADR-15 and behaviour observed on nats-server 2.15.
 */
public sealed interface AckVerb {
    /** Empty, {@code +ACK} or {@code +OK}: done. */
    record Ack() implements AckVerb {}

    /**
     * {@code -NAK}, {@code -NAK {"delay":ns}}, {@code -NAK 500ms}: deliver again.
     *
     * @param delayNs not before that; negative for at once
     */
    record Nak(long delayNs) implements AckVerb {}

    /** {@code +WPI}: still at work, start the wait again. */
    record Progress() implements AckVerb {}

    /**
     * {@code +TERM}, {@code +TERM why}: never deliver again.
     *
     * @param reason empty if none was given
     */
    record Term(String reason) implements AckVerb {}

    /**
     * {@code +NXT}, {@code +NXT 5}, {@code +NXT {"batch":5}}: done, and here is a pull request.
     *
     * @param request its body
     */
    record Next(byte[] request) implements AckVerb {}

    /** Anything else: nothing happens, but a reply is answered. */
    record Unknown() implements AckVerb {}

    /** What nearly every acknowledgement says. */
    Ack ACK = new Ack();

    /** Reads {@code length} bytes of a payload. */
    static AckVerb parse(byte[] buf, int offset, int length) {
        if (length == 0 || is(buf, offset, length, "+ACK") || is(buf, offset, length, "+OK")) {
            return ACK;
        }
        if (begins(buf, offset, length, "+NXT")) {
            return new Next(Arrays.copyOfRange(buf, offset + 4, offset + length));
        }
        if (begins(buf, offset, length, "-NAK")) {
            return new Nak(delayNs(text(buf, offset + 4, length - 4)));
        }
        if (is(buf, offset, length, "+WPI")) {
            return new Progress();
        }
        if (begins(buf, offset, length, "+TERM")) {
            return new Term(text(buf, offset + 5, length - 5));
        }
        return new Unknown();
    }

    /** The delay of a nak; what cannot be read is a plain nak. */
    private static long delayNs(String text) {
        if (text.isEmpty()) {
            return -1;
        }
        try {
            if (text.startsWith("{")) {
                Object delay =
                        Json.parseObject(text.getBytes(StandardCharsets.UTF_8)).get("delay");
                return delay instanceof Long ns && ns >= 0 ? ns : 0;
            }
            return Math.max(0, GoDuration.parseNs(text));
        } catch (JsonException | IllegalArgumentException e) {
            return -1;
        }
    }

    private static String text(byte[] buf, int offset, int length) {
        return new String(buf, offset, length, StandardCharsets.UTF_8).strip();
    }

    private static boolean is(byte[] buf, int offset, int length, String word) {
        return length == word.length() && begins(buf, offset, length, word);
    }

    private static boolean begins(byte[] buf, int offset, int length, String word) {
        if (length < word.length()) {
            return false;
        }
        for (int i = 0; i < word.length(); i++) {
            if (buf[offset + i] != word.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
