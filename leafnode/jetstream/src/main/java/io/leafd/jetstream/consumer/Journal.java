package io.leafd.jetstream.consumer;

import io.leafd.jetstream.consumer.ack.AckState;
import io.leafd.jetstream.consumer.ack.PendingMessage;
import io.leafd.jetstream.consumer.ack.SeqPair;
import io.leafd.store.ConsumerStore;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What of a consumer survives a restart: its positions, and each pending message. Owned by the store loop.
 *
 * <p>Written as it changes, into the group of the change, so that positions and the stream's messages never contradict each
 * other. Cost: one record per group, one per delivery, a deletion per acknowledgement. A consumer in memory has no store and
 * writes nothing.
 *
 * <p>State record: version (1), delivered consumer and stream sequence, floor consumer and stream sequence, next sequence to
 * read, end of the last-per-subject part (8 each, big endian). Pending entry: first consumer sequence (8), wall-clock time from
 * which its wait counts (8), that wait (8), deliveries (4); a message out of deliveries has consumer sequence 0.
 */
final class Journal {
    private static final byte VERSION = 1;
    private static final int STATE_BYTES = 1 + 6 * 8;
    private static final int ENTRY_BYTES = 28;
    /** A client that was cut off by our restart gets this long to come back and acknowledge. */
    private static final long GRACE_NS = 1_000_000_000L;

    private final @Nullable ConsumerStore store;

    Journal(@Nullable ConsumerStore store) {
        this.store = store;
    }

    /** Whether anything is written at all. */
    boolean durable() {
        return store != null;
    }

    void positions(AckState acks, Feed feed) {
        if (store != null) {
            store.putState(ByteBuffer.allocate(STATE_BYTES)
                    .put(VERSION)
                    .putLong(acks.delivered().consumer())
                    .putLong(acks.delivered().stream())
                    .putLong(acks.floor().consumer())
                    .putLong(acks.floor().stream())
                    .putLong(feed.nextSeq())
                    .putLong(feed.lastOnlyUntil())
                    .array());
        }
    }

    void pending(PendingMessage message) {
        put(message, message.consumerSeq());
    }

    void exhausted(PendingMessage message) {
        put(message, 0);
    }

    void done(long streamSeq) {
        if (store != null) {
            store.removePending(streamSeq);
        }
    }

    void clear() {
        if (store != null) {
            store.clearPending();
        }
    }

    void config(byte[] config) {
        if (store != null) {
            store.updateConfig(config);
        }
    }

    void delete() {
        if (store != null) {
            store.delete();
        }
    }

    /**
     * Reads everything back. Waits that ended while nobody was there end after a moment of grace.
     *
     * @return false if nothing was ever written
     */
    boolean restore(AckState acks, Feed feed, TurnClock clock) {
        if (store == null || store.state().length == 0) {
            return false;
        }
        ByteBuffer state = ByteBuffer.wrap(store.state());
        byte version = state.get();
        if (version != VERSION) {
            throw new IllegalStateException("consumer \"" + store.name() + "\": state of version " + version
                    + ", this leafd knows " + VERSION + ": start the leafd that wrote it");
        }
        acks.restore(new SeqPair(state.getLong(), state.getLong()), new SeqPair(state.getLong(), state.getLong()));
        feed.restore(state.getLong(), state.getLong());
        store.forEachPending((streamSeq, entry) -> restore(acks, streamSeq, ByteBuffer.wrap(entry), clock));
        return true;
    }

    private static void restore(AckState acks, long streamSeq, ByteBuffer entry, TurnClock clock) {
        long consumerSeq = entry.getLong();
        long sinceNs = entry.getLong();
        long waitNs = entry.getLong();
        int deliveries = entry.getInt();
        if (consumerSeq == 0) {
            acks.restoreExhausted(streamSeq, deliveries);
            return;
        }
        long waitedNs = Math.max(0, clock.wallNs() - sinceNs); // the clock may have been set back
        long leftNs = Math.max(waitNs - waitedNs, Math.min(waitNs, GRACE_NS));
        acks.restorePending(streamSeq, consumerSeq, deliveries, sinceNs, waitNs, clock.nowNs() + leftNs);
    }

    private void put(PendingMessage message, long consumerSeq) {
        if (store != null) {
            store.putPending(
                    message.streamSeq(),
                    ByteBuffer.allocate(ENTRY_BYTES)
                            .putLong(consumerSeq)
                            .putLong(message.sinceNs())
                            .putLong(message.waitNs())
                            .putInt(message.deliveries())
                            .array());
        }
    }
}
