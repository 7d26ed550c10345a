package io.leafd.broker.interest;

import io.leafd.protocol.Subject;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A receiver's wish for the messages of a filter, alone or as a member of a queue group. Any thread.
 *
 * <p>Identity is the object: two subscriptions with equal filter and receiver are two deliveries.
 */
public final class Subscription {
    private static final byte[] NO_SID = new byte[0];

    private final Receiver receiver;
    private final Subject filter;
    private final @Nullable Subject queue;
    private final byte[] sid;
    private final int weight;
    private final AtomicLong delivered = new AtomicLong();
    private volatile long max; // 0 = no limit

    /**
     * A subscription.
     *
     * @param sid the receiver's own name for it, echoed in each MSG
     * @param weight how many members a leaf's queue subscription stands for, at least 1
     */
    public Subscription(Receiver receiver, Subject filter, @Nullable Subject queue, byte[] sid, int weight) {
        this.receiver = receiver;
        this.filter = filter;
        this.queue = queue;
        this.sid = sid;
        this.weight = Math.max(1, weight);
    }

    /** A subscription without sid. */
    public Subscription(Receiver receiver, Subject filter, @Nullable Subject queue) {
        this(receiver, filter, queue, NO_SID, 1);
    }

    public Receiver receiver() {
        return receiver;
    }

    public Subject filter() {
        return filter;
    }

    /** The queue group, or null for a plain subscription. */
    public @Nullable Subject queue() {
        return queue;
    }

    public byte[] sid() {
        return sid;
    }

    public int weight() {
        return weight;
    }

    /** Deliveries so far. */
    public long delivered() {
        return delivered.get();
    }

    /** Deliveries after which it ends, 0 for none. */
    public long max() {
        return max;
    }

    /** Ends the subscription after {@code count} deliveries since SUB; 0 lifts the limit. */
    public void limit(long count) {
        max = count;
    }

    /**
     * Counts one delivery.
     *
     * @return its number from 1, or 0 if the limit is used up and it must not be delivered
     */
    public long count() {
        long limit = max;
        long number = delivered.incrementAndGet();
        return limit > 0 && number > limit ? 0 : number;
    }

    @Override
    public String toString() {
        return "Subscription[" + filter + (queue == null ? "" : " queue " + queue) + "]";
    }
}
