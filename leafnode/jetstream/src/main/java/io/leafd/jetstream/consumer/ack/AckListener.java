package io.leafd.jetstream.consumer.ack;

/** Hears what happens to delivered messages: to persist it, to tell the stream, to publish advisories. */
public interface AckListener {
    /** A message became pending, or its delivery count or time changed. */
    void onPending(PendingMessage message);

    /** The consumer needs this message no longer: it was acknowledged or terminated. It was pending, or had run out of deliveries. */
    void onReleased(long streamSeq);

    /**
     * The last permitted delivery was not acknowledged. The message is pending no more; it is remembered so that a late
     * acknowledgement still counts.
     */
    void onExhausted(PendingMessage message);

    /** The message left the stream, or is not waited for any more; whatever was kept of it can go. */
    void onForgotten(long streamSeq);
}
