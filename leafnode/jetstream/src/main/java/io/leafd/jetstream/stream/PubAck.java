package io.leafd.jetstream.stream;

import io.leafd.jetstream.api.Fault;
import io.leafd.protocol.json.JsonWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The answers to publishers of one stream, byte for byte as nats-server gives them. Immutable, any thread.
 *
 * <p>{@code {"stream":"ORDERS","domain":"edge","seq":7}}, for a known message id {@code {"stream":"ORDERS","seq":7,"duplicate":
 * true}} (with the blank), and for a refusal {@code {"error":{…},"stream":"ORDERS","seq":0}}.
 */
final class PubAck {
    private final String stream;
    private final byte[] head;

    PubAck(String stream, @Nullable String domain) {
        this.stream = stream;
        var json = new JsonWriter().object().field("stream", stream);
        if (domain != null) {
            json.field("domain", domain);
        }
        this.head = (json + ",\"seq\":").getBytes(StandardCharsets.UTF_8);
    }

    byte[] stored(long seq) {
        int digits = digits(seq);
        byte[] ack = Arrays.copyOf(head, head.length + digits + 1); // no text on the way: one for each message
        long left = seq;
        for (int i = digits - 1; i >= 0; i--) {
            ack[head.length + i] = (byte) ('0' + left % 10);
            left /= 10;
        }
        ack[ack.length - 1] = '}';
        return ack;
    }

    private static int digits(long number) {
        int digits = 1;
        for (long left = number / 10; left > 0; left /= 10) {
            digits++;
        }
        return digits;
    }

    byte[] duplicate(long seq) {
        return withTail(seq + ",\"duplicate\": true}");
    }

    byte[] refused(Fault fault) {
        var json = new JsonWriter().object();
        fault.write(json);
        return json.field("stream", stream).field("seq", 0).end().toBytes();
    }

    private byte[] withTail(String tail) {
        byte[] ack = new byte[head.length + tail.length()];
        System.arraycopy(head, 0, ack, 0, head.length);
        for (int i = 0; i < tail.length(); i++) {
            ack[head.length + i] = (byte) tail.charAt(i);
        }
        return ack;
    }
}
