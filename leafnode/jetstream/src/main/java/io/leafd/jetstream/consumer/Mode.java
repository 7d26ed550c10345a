package io.leafd.jetstream.consumer;

import io.leafd.jetstream.consumer.config.ConsumerConfig;
import io.leafd.protocol.Message;
import io.leafd.protocol.Subject;
import org.jspecify.annotations.Nullable;

/** To whom a consumer delivers, and when: on request, or to its deliver subject. Owned by the store loop. */
sealed interface Mode permits PullMode, PushMode {
    /** Whether a message could be sent now, as far as receivers and rates are concerned. */
    boolean ready(long nowNs);

    /**
     * Where the next message goes; null if nobody can take it. Must be followed by {@link #sent} of that message.
     *
     * @param bytes its size: subject, reply, headers, payload
     * @param pending messages not delivered yet, this one included
     */
    @Nullable
    Subject claim(long bytes, long pending, int ackPending, long nowNs);

    /** What receivers have to see in a message besides what is stored. */
    Message dress(Message message);

    /** The claimed message was sent. */
    void sent(long bytes, long nowNs);

    /**
     * Does what is due: heartbeats, requests whose time is over.
     *
     * @param endOfData whether there is nothing to deliver
     */
    void sweep(boolean endOfData, long nowNs);

    /** Whether {@link #sweep} should be told of an end of data at once. */
    boolean impatient();

    /** Nanoseconds until {@link #sweep} or {@link #ready} have to be looked at again, {@link Long#MAX_VALUE} for never. */
    long dueNs(long nowNs);

    /** How long the consumer has not been in use; 0 while it is. */
    long idleNs(long nowNs);

    /** Something shows that the consumer is in use. */
    void touch(long nowNs);

    /** Takes over what may be changed while the consumer exists. */
    void update(ConsumerConfig config, long nowNs);
}
