package io.leafd.jetstream.consumer;

import io.leafd.jetstream.consumer.ack.AckState;
import io.leafd.jetstream.consumer.ack.AckSubject;
import io.leafd.jetstream.consumer.ack.PendingMessage;
import io.leafd.jetstream.consumer.push.Replay;
import io.leafd.protocol.Headers;
import io.leafd.protocol.Message;
import io.leafd.protocol.Subject;
import io.leafd.store.log.StoredMessage;
import io.leafd.store.log.StreamLog;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Moves messages from the stream to receivers: redeliveries first, then new ones. Owned by the store loop.
 *
 * <p>One {@link #run} is bounded in messages and bytes, so that a consumer with a long backlog shares the loop with publishers and
 * other consumers.
 */
final class Pump {
    private static final int RUN_MESSAGES = 256;
    private static final long RUN_BYTES = 128 << 10;
    private static final byte[] NO_BYTES = new byte[0];

    /** Why a run ended. */
    enum Stop {
        /** Nothing is left to deliver. */
        END_OF_DATA,
        /** Nobody takes a message now; something will happen before that changes. */
        NO_RECEIVER,
        /** Too many messages wait for acknowledgement. */
        FULL,
        /** The way out is full; the consumer is woken when it is not. */
        BACKLOG,
        /** Enough for one turn: run again. */
        YIELD
    }

    private final StreamLog log;
    private final AckState acks;
    private final Feed feed;
    private final Mode mode;
    private final Deliveries out;
    private final PumpListener listener;
    private final byte[] ackPrefix;
    private boolean headersOnly;
    private @Nullable Replay replay;
    private long replayDelayNs;

    /**
     * @param ackPrefix what the reply subjects of its messages begin with
     */
    Pump(StreamLog log, AckState acks, Feed feed, Mode mode, Deliveries out, PumpListener listener, byte[] ackPrefix) {
        this.log = log;
        this.acks = acks;
        this.feed = feed;
        this.mode = mode;
        this.out = out;
        this.listener = listener;
        this.ackPrefix = ackPrefix;
    }

    /** What receives no payload, but its size. */
    void headersOnly(boolean only) {
        headersOnly = only;
    }

    /** Keeps the pauses between the messages stored so far. */
    void replay(@Nullable Replay pauses) {
        replay = pauses;
    }

    /** Nanoseconds until the pause before the next message is over, {@link Long#MAX_VALUE} without one. */
    long dueNs() {
        return replayDelayNs == 0 ? Long.MAX_VALUE : replayDelayNs;
    }

    /** Delivers what can be delivered. */
    Stop run(TurnClock clock, Runnable wake) {
        replayDelayNs = 0;
        long bytes = 0;
        for (int i = 0; i < RUN_MESSAGES && bytes < RUN_BYTES; i++) {
            if (!mode.ready(clock.nowNs())) {
                return Stop.NO_RECEIVER;
            }
            if (!out.writable(wake)) {
                return Stop.BACKLOG;
            }
            PendingMessage again = acks.redelivery();
            long sent = again != null ? redeliver(again, clock) : acks.full() ? -1 : deliverNew(clock);
            if (sent < 0) {
                return again != null ? Stop.NO_RECEIVER : acks.full() ? Stop.FULL : whyNothingNew();
            }
            bytes += sent;
        }
        return Stop.YIELD;
    }

    private Stop whyNothingNew() {
        if (feed.peek() != null) {
            return Stop.NO_RECEIVER;
        }
        return feed.caughtUp() ? Stop.END_OF_DATA : Stop.YIELD;
    }

    /** Bytes sent; negative if there is nothing to send or nobody to send it to. */
    private long deliverNew(TurnClock clock) {
        StoredMessage stored = feed.peek();
        if (stored == null) {
            return -1;
        }
        if (replay != null) {
            replayDelayNs = replay.delayNs(stored.seq(), stored.timestampNs(), clock.nowNs());
            if (replayDelayNs > 0) {
                return -1;
            }
        }
        long consumerSeq = acks.delivered().consumer() + 1;
        var ack = new AckSubject(1, stored.seq(), consumerSeq);
        Message message = message(stored, ack, Math.max(0, feed.pending() - 1));
        long size = size(message);
        Subject route = mode.claim(size, feed.pending(), acks.pendingCount(), clock.nowNs());
        if (route == null) {
            return -1;
        }
        feed.take(stored);
        acks.deliver(stored.seq(), clock);
        send(stored, message, route, size, clock);
        return size;
    }

    private long redeliver(PendingMessage again, TurnClock clock) {
        if (!(log.get(again.streamSeq()) instanceof StoredMessage stored)) {
            listener.onLost(again.streamSeq());
            return 0;
        }
        long consumerSeq = acks.delivered().consumer() + 1;
        var ack = new AckSubject(again.deliveries() + 1L, stored.seq(), consumerSeq);
        Message message = message(stored, ack, feed.pending());
        long size = size(message);
        Subject route = mode.claim(size, feed.pending(), acks.pendingCount(), clock.nowNs());
        if (route == null) {
            return -1;
        }
        acks.redeliver(again, clock);
        send(stored, message, route, size, clock);
        return size;
    }

    private void send(StoredMessage stored, Message message, Subject route, long size, TurnClock clock) {
        out.send(mode.dress(message), route);
        mode.sent(size, clock.nowNs());
        if (replay != null) {
            replay.sent(stored.timestampNs(), clock.nowNs());
        }
        listener.onDelivered(stored.seq());
    }

    private Message message(StoredMessage stored, AckSubject ack, long pending) {
        Subject reply = ack.format(ackPrefix, stored.timestampNs(), pending);
        if (!headersOnly) {
            return new Message(stored.subject(), reply, stored.body(), stored.headerBytes());
        }
        byte[] headers = Headers.with(
                Arrays.copyOf(stored.body(), stored.headerBytes()),
                "Nats-Msg-Size",
                Integer.toString(stored.payloadBytes()));
        return Message.withHeaders(stored.subject(), reply, headers, NO_BYTES);
    }

    private static long size(Message message) {
        Subject reply = message.reply();
        return (long) message.subject().length() + (reply == null ? 0 : reply.length()) + message.body().length;
    }

    /** Hears what the pump did. */
    interface PumpListener {
        /** A message was delivered. */
        void onDelivered(long streamSeq);

        /** A message that was to be delivered again is not stored any more. */
        void onLost(long streamSeq);
    }
}
