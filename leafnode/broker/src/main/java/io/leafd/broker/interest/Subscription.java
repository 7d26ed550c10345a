package io.leafd.broker.interest;

import io.leafd.protocol.MessageView;
import io.leafd.protocol.Subject;
import java.util.Arrays;
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
    private @Nullable Head head;

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

    /**
     * {@code MSG subject sid }, what the frame of this message begins with when it is sent without headers. Not to be changed.
     *
     * <p>The one of the last message is kept, as the next nearly always has the same subject: so a delivery is two copies, this and
     * the message's tail. Loops may overwrite each other's; each finds a whole one or none.
     */
    public byte[] head(MessageView message) {
        Head last = head;
        if (last == null || !last.fits(message)) {
            last = Head.of(message, sid);
            head = last;
        }
        return last.bytes;
    }

    /** The kept beginning of a frame; a record, so that another loop that finds it finds its bytes too. */
    private record Head(byte[] bytes, int subjectLength) {
        private static final byte[] MSG = {'M', 'S', 'G', ' '};

        static Head of(MessageView message, byte[] sid) {
            int length = message.subjectLength;
            byte[] bytes = new byte[MSG.length + length + 1 + sid.length + 1];
            System.arraycopy(MSG, 0, bytes, 0, MSG.length);
            System.arraycopy(message.buf, message.subjectOffset, bytes, MSG.length, length);
            bytes[MSG.length + length] = ' ';
            System.arraycopy(sid, 0, bytes, MSG.length + length + 1, sid.length);
            bytes[bytes.length - 1] = ' ';
            return new Head(bytes, length);
        }

        boolean fits(MessageView message) {
            int from = message.subjectOffset;
            return subjectLength == message.subjectLength
                    && Arrays.equals(
                            bytes, MSG.length, MSG.length + subjectLength, message.buf, from, from + subjectLength);
        }
    }

    @Override
    public String toString() {
        return "Subscription[" + filter + (queue == null ? "" : " queue " + queue) + "]";
    }
}
