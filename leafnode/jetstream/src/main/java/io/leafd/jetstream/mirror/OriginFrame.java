package io.leafd.jetstream.mirror;

import io.leafd.protocol.Headers;
import io.leafd.protocol.Message;
import io.leafd.protocol.Subject;
import io.leafd.protocol.Subjects;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What an origin's consumer sends. Pure. Shapes as observed on nats-server 2.15. */
sealed interface OriginFrame {
    /** {@code $JS.ACK.<stream>.<consumer>.<deliveries>.<stream seq>.<consumer seq>.<ns>.<pending>} */
    int SHORT_TOKENS = 9;

    /** The same with domain and account in front of the stream, which nats-server has behind a switch. */
    int LONG_TOKENS = 11;

    /**
     * A stored message.
     *
     * @param consumer who delivers it
     * @param deliveries how often it was delivered, this time included
     * @param originSeq its sequence in the origin
     * @param deliverySeq number of this delivery
     * @param timestampNs when the origin stored it, ns since 1970
     * @param pending how many more the origin has
     */
    record Data(
            String consumer,
            long deliveries,
            long originSeq,
            long deliverySeq,
            long timestampNs,
            long pending,
            Message message)
            implements OriginFrame {}

    /** {@code 100 FlowControl Request}: answer there once everything before it is stored. */
    record FlowControl(Subject reply) implements OriginFrame {}

    /**
     * {@code 100 Idle Heartbeat}.
     *
     * @param deliverySeq the last delivery that the origin made, -1 if it does not say
     * @param stalled where to write so that a stalled flow goes on, or null
     */
    record Heartbeat(long deliverySeq, @Nullable Subject stalled) implements OriginFrame {}

    /** Anything else: not for us. */
    record Strange() implements OriginFrame {}

    /** What a message on a deliver subject means. */
    static OriginFrame of(Message message) {
        if (message.headerLength() > 0
                && message.payloadLength() == 0
                && Subjects.startsWith(message.body(), 0, message.headerLength(), "NATS/1.0 100")) {
            Subject reply = message.reply();
            if (reply != null) {
                return new FlowControl(reply);
            }
            String last = message.header("Nats-Last-Consumer");
            String stalled = message.header("Nats-Consumer-Stalled");
            return new Heartbeat(number(last, -1), stalled == null ? null : Subject.of(stalled));
        }
        return message.reply() == null ? new Strange() : data(message, message.reply());
    }

    private static OriginFrame data(Message message, Subject reply) {
        String[] tokens = new String(reply.bytes(), StandardCharsets.UTF_8).split("\\.");
        if (!reply.startsWith("$JS.ACK.") || (tokens.length != SHORT_TOKENS && tokens.length < LONG_TOKENS)) {
            return new Strange();
        }
        int numbers = tokens.length == SHORT_TOKENS ? 4 : 6;
        return new Data(
                tokens[numbers - 1],
                number(tokens[numbers], 0),
                number(tokens[numbers + 1], 0),
                number(tokens[numbers + 2], 0),
                number(tokens[numbers + 3], 0),
                number(tokens[numbers + 4], 0),
                message);
    }

    private static long number(@Nullable String text, long absent) {
        try {
            return text == null ? absent : Long.parseLong(text);
        } catch (NumberFormatException e) {
            return absent;
        }
    }

    /** The message as a copy keeps it: without reply, and without expectations and batches, which were for the origin alone. */
    static Message withoutOriginsOwn(Message message) {
        Message plain = message.withReply(null);
        if (message.headerLength() == 0) {
            return plain;
        }
        byte[] block = Arrays.copyOf(message.body(), message.headerLength());
        String text = new String(block, StandardCharsets.ISO_8859_1);
        return text.contains("\nNats-Expected-") || text.contains("\nNats-Batch-")
                ? Message.withHeaders(
                        message.subject(),
                        null,
                        Headers.without(block, "Nats-Expected-", "Nats-Batch-"),
                        message.payload())
                : plain;
    }
}
