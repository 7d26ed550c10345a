package io.leafd.jetstream.consumer.ack;

import org.jspecify.annotations.Nullable;

/** A message that was delivered and is not acknowledged. Owned by its {@link PendingMessages}, whose
 * links and heap place it carries; the links of the queue are {@link RedeliveryQueue}'s. */
public final class PendingMessage {
    final long streamSeq;
    /** Number of the first delivery; redeliveries have other numbers but floors are counted in this one. */
    final long consumerSeq;

    int deliveries;
    /** Wall-clock time of the last delivery, progress sign or delayed nak. */
    long sinceNs;
    /** How long from then on it is waited. */
    long waitNs;
    /** When the wait ends, on the loop's monotonic clock. */
    long dueNs;
    /** Waits in the redelivery queue; its wait does not run then. */
    boolean queued;

    @Nullable
    PendingMessage previous;

    @Nullable
    PendingMessage next;

    @Nullable
    PendingMessage queuedBefore;

    @Nullable
    PendingMessage queuedAfter;

    int heapIndex = -1;

    PendingMessage(long streamSeq, long consumerSeq, int deliveries, long sinceNs) {
        this.streamSeq = streamSeq;
        this.consumerSeq = consumerSeq;
        this.deliveries = deliveries;
        this.sinceNs = sinceNs;
    }

    /** Position in the stream. */
    public long streamSeq() {
        return streamSeq;
    }

    /** Number of its first delivery. */
    public long consumerSeq() {
        return consumerSeq;
    }

    /** Deliveries so far. */
    public int deliveries() {
        return deliveries;
    }

    /** Wall-clock time from which its wait counts, nanoseconds since 1970. */
    public long sinceNs() {
        return sinceNs;
    }

    /** How long from then on it is waited for an acknowledgement. */
    public long waitNs() {
        return waitNs;
    }

    @Override
    public String toString() {
        return "seq " + streamSeq + " consumer seq " + consumerSeq + " deliveries " + deliveries;
    }
}
