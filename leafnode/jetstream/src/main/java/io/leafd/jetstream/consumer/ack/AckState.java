package io.leafd.jetstream.consumer.ack;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Which messages a consumer delivered, which of them it still waits for, and which it must deliver again. Owned by the store
 * loop; pure.
 *
 * <pre>
 *   stream seq    1   2   3   4   5   6   7
 *                 ✓   ✓   ○   ✓   ○       │        ✓ acknowledged, ○ pending
 *                     ▲           ▲
 *                   floor     delivered
 * </pre>
 *
 * <p>Both positions are pairs: the stream's sequence and the consumer's, which counts deliveries. Redeliveries take new
 * consumer sequences, but a pending message keeps the number of its first delivery, and floors are counted in those.
 *
 * <p>Invariants:
 *
 * <ol>
 *   <li>floor ≤ delivered, in both sequences.
 *   <li>Every pending message is above the floor and not above delivered.
 *   <li>A message is in the redelivery queue or its wait runs, never both; neither if waits do not end.
 *   <li>The floor never falls, except by {@link #reset}.
 * </ol>
 *
 * <p>The floor moves with acknowledgements, to right below the lowest pending message, or to delivered if nothing is pending
 * (observed on nats-server 2.15: acknowledging 3, 1, 2 of three messages gives the floors 0, 1, 3). A message that ran out of
 * deliveries does not hold it back.
 */
public final class AckState {
    /** Messages out of deliveries that are remembered; beyond it the oldest is forgotten. */
    static final int EXHAUSTED_MAX = 65_536;

    private final AckListener listener;
    private final PendingMessages pending = new PendingMessages();
    private final RedeliveryQueue queue = new RedeliveryQueue();
    /** Stream sequence and deliveries of messages out of deliveries, oldest first. */
    private final LinkedHashMap<Long, Integer> exhausted = new LinkedHashMap<>();

    private AckRules rules;
    private SeqPair delivered = SeqPair.ZERO;
    private SeqPair floor = SeqPair.ZERO;
    private int redelivered; // pending messages with more than one delivery

    public AckState(AckRules rules, AckListener listener) {
        this.rules = rules;
        this.listener = listener;
    }

    /** Changes the rules; running waits are measured anew. */
    public void rules(AckRules changed, Clock clock) {
        rules = changed;
        for (PendingMessage message = pending.first(); message != null; message = message.next) {
            if (!message.queued && changed.waits()) {
                message.waitNs = changed.waitNs(message.deliveries);
                long waitedNs = Math.max(0, clock.wallNs() - message.sinceNs);
                pending.await(message, clock.nowNs() + message.waitNs - waitedNs);
            }
        }
    }

    /** Sets both positions, as at creation and after a restart, when nothing is pending yet. */
    public void restore(SeqPair restoredDelivered, SeqPair restoredFloor) {
        delivered = restoredDelivered;
        floor = restoredFloor;
    }

    /**
     * Adds a message that was pending before a restart. In stream order.
     *
     * @param sinceNs wall-clock time from which its wait counts
     * @param waitNs that wait
     * @param dueNs when the wait ends, on the monotonic clock
     */
    public void restorePending(
            long streamSeq, long consumerSeq, int deliveries, long sinceNs, long waitNs, long dueNs) {
        var message = new PendingMessage(streamSeq, consumerSeq, deliveries, sinceNs);
        message.waitNs = waitNs;
        pending.append(message);
        redelivered += deliveries > 1 ? 1 : 0;
        if (rules.waits()) {
            pending.await(message, dueNs);
        }
    }

    /** Adds a message that had run out of deliveries before a restart. */
    public void restoreExhausted(long streamSeq, int deliveries) {
        exhausted.put(streamSeq, deliveries);
    }

    /**
     * Notes the first delivery of a message.
     *
     * @param streamSeq above all that were delivered before
     * @return its consumer sequence
     */
    public long deliver(long streamSeq, Clock clock) {
        delivered = new SeqPair(delivered.consumer() + 1, streamSeq);
        if (rules.kind() == AckRules.Kind.NONE) {
            floor = delivered;
            return delivered.consumer();
        }
        var message = new PendingMessage(streamSeq, delivered.consumer(), 1, clock.wallNs());
        pending.append(message);
        await(message, clock.nowNs());
        listener.onPending(message);
        return delivered.consumer();
    }

    /** The message to deliver again next, or null. Messages out of deliveries are sorted out on the way. */
    public @Nullable PendingMessage redelivery() {
        PendingMessage message = queue.peek();
        while (message != null && rules.exhausted(message.deliveries)) {
            exhaust(message);
            message = queue.peek();
        }
        return message;
    }

    /** Whether messages wait to be delivered again. */
    public int redeliveries() {
        return queue.size();
    }

    /**
     * Notes that {@link #redelivery} was delivered again.
     *
     * @return the consumer sequence of this delivery
     */
    public long redeliver(PendingMessage message, Clock clock) {
        queue.remove(message);
        delivered = new SeqPair(delivered.consumer() + 1, delivered.stream());
        message.deliveries++;
        redelivered += message.deliveries == 2 ? 1 : 0;
        message.sinceNs = clock.wallNs();
        await(message, clock.nowNs());
        listener.onPending(message);
        return delivered.consumer();
    }

    /**
     * An acknowledgement, or a term. Whether it is answered: not if the message was never delivered, or nobody needs to
     * acknowledge.
     */
    public boolean ack(long streamSeq, long consumerSeq) {
        if (streamSeq > delivered.stream()) {
            return false;
        }
        switch (rules.kind()) {
            case NONE -> {
                return false;
            }
            case EXPLICIT -> ackOne(streamSeq);
            case CUMULATIVE -> ackUpTo(streamSeq, Math.min(consumerSeq, delivered.consumer()));
        }
        return true;
    }

    /** Whether this message is pending. */
    public boolean isPending(long streamSeq) {
        return pending.get(streamSeq) != null;
    }

    /** The pending message of this sequence, or null. */
    public @Nullable PendingMessage pending(long streamSeq) {
        return pending.get(streamSeq);
    }

    /**
     * A negative acknowledgement. Whether it had an effect: not if the message is not pending, or the delivery it names is
     * below the floor or never was.
     *
     * @param delayNs not before that; negative for at once
     */
    public boolean nak(long streamSeq, long consumerSeq, long delayNs, Clock clock) {
        PendingMessage message = pending.get(streamSeq);
        if (message == null || consumerSeq <= floor.consumer() || consumerSeq > delivered.consumer()) {
            return false;
        }
        if (delayNs < 0) {
            if (!message.queued) {
                pending.rest(message);
                queue.add(message);
            }
            return true;
        }
        queue.remove(message);
        message.sinceNs = clock.wallNs();
        message.waitNs = delayNs;
        pending.await(message, clock.nowNs() + delayNs);
        listener.onPending(message);
        return true;
    }

    /** A sign of progress: the wait starts anew. */
    public void progress(long streamSeq, Clock clock) {
        PendingMessage message = pending.get(streamSeq);
        if (message == null) {
            return;
        }
        message.sinceNs = clock.wallNs();
        if (!message.queued) {
            await(message, clock.nowNs());
        }
        listener.onPending(message);
    }

    /** Queues the messages whose wait ended, in stream order. Whether there is one to deliver again. */
    public boolean expire(long nowNs) {
        List<PendingMessage> expired = new ArrayList<>();
        PendingMessage message = pending.soonest();
        while (message != null && message.dueNs - nowNs <= 0) {
            pending.rest(message);
            if (rules.exhausted(message.deliveries)) {
                exhaust(message);
            } else {
                expired.add(message);
            }
            message = pending.soonest();
        }
        expired.sort(Comparator.comparingLong(PendingMessage::streamSeq));
        expired.forEach(queue::add);
        return !expired.isEmpty();
    }

    /** Queues everything that is pending: the deliver subject changed, so nobody has seen it. */
    public void expireAll() {
        for (PendingMessage message = pending.first(); message != null; message = message.next) {
            if (!message.queued) {
                pending.rest(message);
                queue.add(message);
            }
        }
    }

    /** Nanoseconds until {@link #expire} has something to do, {@link Long#MAX_VALUE} for never. */
    public long expiryNs(long nowNs) {
        PendingMessage soonest = pending.soonest();
        return soonest == null ? Long.MAX_VALUE : Math.max(0, soonest.dueNs - nowNs);
    }

    /**
     * A message left the stream by itself (limit, age, delete). It counts as acknowledged.
     *
     * @return the message if it was pending: its consumers are told
     */
    public @Nullable PendingMessage removed(long streamSeq) {
        if (exhausted.remove(streamSeq) != null) {
            listener.onForgotten(streamSeq);
        }
        PendingMessage message = pending.get(streamSeq);
        if (message != null) {
            boolean lowest = drop(message);
            listener.onForgotten(streamSeq);
            moveFloor(lowest);
        }
        return message;
    }

    /**
     * The stream was purged. Positions move up to right below {@code nextSeq}, what is pending below or no longer stored is
     * forgotten without a word.
     *
     * @param nextSeq where reading goes on; delivered moves up to right below it
     * @param firstSeq first sequence that this consumer can still want
     * @param stored whether the stream still holds a message
     */
    public void purged(long nextSeq, long firstSeq, LongPredicate stored) {
        delivered = new SeqPair(delivered.consumer(), Math.max(delivered.stream(), nextSeq - 1));
        long floorConsumer = floor.consumer();
        for (PendingMessage message = pending.first(); message != null; ) {
            PendingMessage after = message.next;
            if (message.streamSeq < firstSeq || !stored.test(message.streamSeq)) {
                floorConsumer = Math.max(floorConsumer, message.consumerSeq);
                drop(message);
                listener.onForgotten(message.streamSeq);
            }
            message = after;
        }
        for (Iterator<Long> seqs = exhausted.keySet().iterator(); seqs.hasNext(); ) {
            long seq = seqs.next();
            if (seq < firstSeq || !stored.test(seq)) {
                seqs.remove();
                listener.onForgotten(seq);
            }
        }
        PendingMessage lowest = pending.first();
        if (lowest == null) {
            floor = delivered;
        } else {
            floor = new SeqPair(
                    Math.min(floorConsumer, lowest.consumerSeq - 1),
                    Math.max(floor.stream(), Math.min(firstSeq, lowest.streamSeq) - 1));
        }
    }

    /** Starts over: nothing was delivered, the next message is {@code nextSeq}. */
    public void reset(long nextSeq) {
        for (PendingMessage message = pending.first(); message != null; message = message.next) {
            listener.onForgotten(message.streamSeq);
        }
        exhausted.keySet().forEach(listener::onForgotten);
        pending.clear();
        queue.clear();
        exhausted.clear();
        redelivered = 0;
        delivered = new SeqPair(0, nextSeq - 1);
        floor = delivered;
    }

    /** Nanoseconds until the last running wait ends, 0 if none runs. */
    public long longestWaitNs(long nowNs) {
        long longest = 0;
        for (PendingMessage message = pending.first(); message != null; message = message.next) {
            if (message.heapIndex >= 0) {
                longest = Math.max(longest, message.dueNs - nowNs);
            }
        }
        return longest;
    }

    /** Whether new messages must wait for acknowledgements. */
    public boolean full() {
        return rules.kind() != AckRules.Kind.NONE && rules.full(pending.size());
    }

    /** Whether a delivered message is still needed: it is pending, or ran out of deliveries and nobody gave it up. */
    public boolean needs(long streamSeq) {
        return pending.get(streamSeq) != null || exhausted.containsKey(streamSeq);
    }

    /** Last delivery: its number, and the highest stream sequence delivered. */
    public SeqPair delivered() {
        return delivered;
    }

    /** Everything up to here is done. */
    public SeqPair floor() {
        return floor;
    }

    /** Sequence of the first message that is not done: acknowledged, or out of deliveries. */
    public long resumeSeq() {
        PendingMessage lowest = pending.first();
        if (exhausted.isEmpty()) {
            return floor.stream() + 1;
        }
        return lowest == null ? delivered.stream() + 1 : lowest.streamSeq;
    }

    /** Number of pending messages. */
    public int pendingCount() {
        return pending.size();
    }

    /** Pending messages with more than one delivery, and messages out of deliveries. */
    public int redeliveredCount() {
        return redelivered + exhausted.size();
    }

    /** Deliveries of a message so far: 1 unless it was delivered again. */
    public int deliveries(long streamSeq) {
        PendingMessage message = pending.get(streamSeq);
        return message != null ? message.deliveries : exhausted.getOrDefault(streamSeq, 1);
    }

    /** Messages out of deliveries and how often each was delivered, as remembered. */
    public void forEachExhausted(java.util.function.BiConsumer<Long, Integer> visitor) {
        exhausted.forEach(visitor);
    }

    /** Pending messages in stream order. */
    public void forEachPending(java.util.function.Consumer<PendingMessage> visitor) {
        for (PendingMessage message = pending.first(); message != null; message = message.next) {
            visitor.accept(message);
        }
    }

    /** Pending messages behind a sequence, the last one first. */
    public void forEachPendingAfter(long streamSeq, java.util.function.Consumer<PendingMessage> visitor) {
        PendingMessage message = pending.last();
        while (message != null && message.streamSeq > streamSeq) {
            visitor.accept(message);
            message = message.previous;
        }
    }

    private void await(PendingMessage message, long nowNs) {
        message.waitNs = rules.waitNs(message.deliveries);
        if (rules.waits()) {
            pending.await(message, nowNs + message.waitNs);
        }
    }

    private void ackOne(long streamSeq) {
        PendingMessage message = pending.get(streamSeq);
        if (message != null) {
            moveFloor(drop(message));
            listener.onReleased(streamSeq);
        } else if (exhausted.remove(streamSeq) != null) {
            listener.onReleased(streamSeq);
        }
    }

    private void ackUpTo(long streamSeq, long consumerSeq) {
        if (consumerSeq <= floor.consumer() || streamSeq <= floor.stream()) {
            return;
        }
        floor = new SeqPair(consumerSeq, streamSeq);
        for (PendingMessage message = pending.first();
                message != null && message.streamSeq <= streamSeq;
                message = pending.first()) {
            drop(message);
            listener.onReleased(message.streamSeq);
        }
    }

    private void exhaust(PendingMessage message) {
        drop(message);
        exhausted.put(message.streamSeq, message.deliveries);
        listener.onExhausted(message);
        if (exhausted.size() > EXHAUSTED_MAX) {
            Iterator<Long> oldest = exhausted.keySet().iterator();
            long seq = oldest.next();
            oldest.remove();
            listener.onForgotten(seq);
        }
    }

    /** Takes a message out of all orders. Whether it was the lowest in stream order. */
    private boolean drop(PendingMessage message) {
        boolean lowest = pending.first() == message;
        queue.remove(message);
        pending.remove(message);
        redelivered -= message.deliveries > 1 ? 1 : 0;
        return lowest;
    }

    private void moveFloor(boolean lowestLeft) {
        PendingMessage lowest = pending.first();
        if (lowest == null) {
            floor = delivered;
        } else if (lowestLeft) {
            floor = new SeqPair(lowest.consumerSeq - 1, lowest.streamSeq - 1);
        }
    }
}
