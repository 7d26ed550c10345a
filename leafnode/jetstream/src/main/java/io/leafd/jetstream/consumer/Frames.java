package io.leafd.jetstream.consumer;

import io.leafd.jetstream.consumer.ack.AckState;
import io.leafd.protocol.Headers;
import io.leafd.protocol.Subject;
import org.jspecify.annotations.Nullable;

/** The frames that a consumer sends besides messages. Owned by the store loop. */
final class Frames {
    static final String LAST_CONSUMER = "Nats-Last-Consumer";
    static final String LAST_STREAM = "Nats-Last-Stream";
    private static final byte[] FLOW_CONTROL = Headers.status(100, "FlowControl Request");

    private final Deliveries out;
    private final AckState acks;
    private final Feed feed;

    Frames(Deliveries out, AckState acks, Feed feed) {
        this.out = out;
        this.acks = acks;
        this.feed = feed;
    }

    /** A status without payload. */
    void status(Subject to, byte[] headers) {
        out.tell(to, null, headers);
    }

    /**
     * The consumer lives, and this is how far it came.
     *
     * @param stalled where the receiver still has to answer a flow control request, or null
     */
    void heartbeat(Subject to, @Nullable Subject stalled) {
        String consumerSeq = Long.toString(acks.delivered().consumer());
        String streamSeq = Long.toString(feed.nextSeq() - 1);
        byte[] headers = stalled == null
                ? Headers.status(100, "Idle Heartbeat", LAST_CONSUMER, consumerSeq, LAST_STREAM, streamSeq)
                : Headers.status(
                        100,
                        "Idle Heartbeat",
                        LAST_CONSUMER,
                        consumerSeq,
                        LAST_STREAM,
                        streamSeq,
                        "Nats-Consumer-Stalled",
                        stalled.toString());
        out.tell(to, null, headers);
    }

    /** Asks the receiver to answer at {@code reply} once it has taken everything before. */
    void flowControl(Subject to, Subject reply) {
        out.tell(to, reply, FLOW_CONTROL);
    }
}
