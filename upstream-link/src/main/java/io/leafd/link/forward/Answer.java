package io.leafd.link.forward;

import io.leafd.protocol.Message;
import io.leafd.protocol.json.Json;
import io.leafd.protocol.json.JsonException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the upstream says to a message: the acknowledgement of a stream, or its refusal. Immutable.
 *
 * <p>Stored: {@code {"stream":"S","seq":7,"domain":"D","duplicate": true}}. Refused:
 * {@code {"error":{"code":503,"err_code":10077,"description":"…"},"stream":"S","seq":0}}.
 */
sealed interface Answer {
    /**
     * The stream holds the message.
     *
     * @param upstreamSeq its sequence there
     * @param duplicate whether it was there before
     */
    record Stored(long upstreamSeq, boolean duplicate) implements Answer {}

    /**
     * The message was not stored.
     *
     * @param code JetStream's error code, 0 if there was none
     * @param text what the upstream said
     * @param stream the stream that refused, empty if none is named
     */
    record Refused(int code, String text, String stream) implements Answer {
        /**
         * Whether the same message will be refused again for as long as the upstream's stream is configured as it is. All
         * other refusals (full, sealed, unavailable, unknown) can end by themselves and are tried again for ever.
         */
        boolean permanent() {
            return switch (code) {
                case 10054, // message size exceeds maximum allowed
                        10097, // header size exceeds maximum allowed of 64k
                        10111, // message rollup not permitted
                        10165, // invalid per-message TTL
                        10166, // per-message TTL is disabled
                        10168, // message increment is disabled
                        10169, // message increment missing
                        10170, // message increment invalid
                        10171, // message incompatible with counter stream
                        10188, // message schedules are disabled
                        10189,
                        10190,
                        10191,
                        10192, // bad schedule, target, TTL, rollup
                        10203,
                        10212,
                        10223, // bad schedule source, next, time zone
                        10227 -> true; // message stream source header not allowed
                default -> false;
            };
        }
    }

    /** Reads an answer; anything that is no acknowledgement is a refusal. */
    static Answer of(Message message) {
        if (message.payloadLength() == 0) {
            return new Refused(0, "no stream of the upstream takes this subject", "");
        }
        try {
            Map<String, @Nullable Object> json =
                    Json.parseObject(message.body(), message.headerLength(), message.payloadLength());
            String stream = json.get("stream") instanceof String name ? name : "";
            if (json.get("error") instanceof Map<?, ?> error) {
                int code = error.get("err_code") instanceof Long number ? number.intValue() : 0;
                return new Refused(code, String.valueOf(error.get("description")), stream);
            }
            if (json.get("seq") instanceof Long seq && seq > 0) {
                return new Stored(seq, Boolean.TRUE.equals(json.get("duplicate")));
            }
            return new Refused(0, "the upstream's answer is no acknowledgement", stream);
        } catch (JsonException e) {
            return new Refused(0, "the upstream's answer is no JSON: " + e.getMessage(), "");
        }
    }
}
