package io.leafd.jetstream.consumer;

import io.leafd.jetstream.consumer.ack.AckState;
import io.leafd.jetstream.consumer.ack.PendingMessage;
import io.leafd.jetstream.consumer.ack.SeqPair;
import io.leafd.store.ConsumerStore;
import io.leafd.store.loop.LoopTimer;
import io.leafd.store.loop.StoreException;
import io.leafd.store.loop.StoreLoop;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What of a consumer survives a restart: its positions, and each pending message. Owned by the store loop.
 *
 * <pre>
 *   stream seq   …  7   8   9  10 │ 11  12  13  14
 *                   ○       ○     │      ○       ○       ○ pending now
 *      kept entries 7   8   9     │ none yet
 *      written up to             10        at the next write: delete 8, put 12 and 14
 * </pre>
 *
 * <p>Written {@value #DELAY_NS} ns after the first change, all in one group, so that positions and entries never contradict each
 * other. A message that is delivered and acknowledged in between costs nothing here, which is what nearly all are. Whoever promises
 * something calls {@link #write} first. A crash takes back the last changes, and the messages are delivered again. A consumer
 * in memory has no store and writes nothing.
 *
 * <p>State record: version (1), delivered consumer and stream sequence, floor consumer and stream sequence, next sequence to
 * read, end of the last-per-subject part (8 each, big endian). Pending entry: first consumer sequence (8), wall-clock time from
 * which its wait counts (8), that wait (8), deliveries (4); a message out of deliveries has consumer sequence 0.
 */
final class Journal {
    /** How long a change may wait. */
    static final long DELAY_NS = 100_000_000L;
    /** With so many changes of entries they are written right after the present work. */
    static final int CHANGES_MAX = 4096;

    private static final byte VERSION = 1;
    private static final int STATE_BYTES = 1 + 6 * 8;
    private static final int ENTRY_BYTES = 28;
    /** A client that was cut off by our restart gets this long to come back and acknowledge. */
    private static final long GRACE_NS = 1_000_000_000L;

    private final @Nullable ConsumerStore store;
    private final StoreLoop loop;
    private final AckState acks;
    private final Feed feed;
    /** Entries exist only of messages up to here. */
    private long writtenSeq;
    /** Sequences whose entry is to be written or deleted, in no order, some more than once. */
    private long[] changes = new long[16];

    private int changeCount;
    private boolean dirty;
    private @Nullable LoopTimer timer;

    /** @param store null for a consumer in memory */
    Journal(@Nullable ConsumerStore store, StoreLoop loop, AckState acks, Feed feed) {
        this.store = store;
        this.loop = loop;
        this.acks = acks;
        this.feed = feed;
    }

    /** Positions have changed. */
    void moved() {
        if (store != null && !dirty) {
            dirty = true;
            timer = loop.schedule(DELAY_NS, this::write);
        }
    }

    /** A message became pending, or its deliveries or times changed, or it is not pending any more. */
    void changed(long streamSeq) {
        moved();
        if (store == null || streamSeq > writtenSeq) {
            return; // it will be written if it is still pending then
        }
        append(streamSeq);
        if (changeCount == CHANGES_MAX) {
            loop.defer(this::write);
        }
    }

    /** A message ran out of deliveries. */
    void exhausted(long streamSeq) {
        moved();
        if (store != null) {
            append(streamSeq);
        }
    }

    /** Stages all that has changed. */
    void write() {
        ConsumerStore kept = store;
        if (kept == null || !dirty) {
            return;
        }
        rest();
        for (int i = 0; i < changeCount; i++) {
            writeEntry(kept, changes[i]);
        }
        changeCount = 0;
        acks.forEachPendingAfter(writtenSeq, message -> kept.putPending(message.streamSeq(), entry(message)));
        writtenSeq = acks.delivered().stream();
        writePositions(kept);
    }

    /** The consumer begins: stages its positions. */
    void begin() {
        forget();
        writtenSeq = acks.delivered().stream();
        if (store != null) {
            writePositions(store);
        }
    }

    /** The consumer starts over: stages its positions, and that nothing is pending. */
    void reset() {
        if (store != null) {
            store.clearPending();
        }
        begin();
    }

    /** Writes what is left before the store closes; if it is down, what was written before has to do. */
    void end() {
        try {
            write();
        } catch (StoreException e) {
            forget();
        }
    }

    /** Writes nothing any more. */
    void forget() {
        rest();
        changeCount = 0;
    }

    void config(byte[] config) {
        if (store != null) {
            store.updateConfig(config);
        }
    }

    void delete() {
        forget();
        if (store != null) {
            store.delete();
        }
    }

    /**
     * Reads everything back. Waits that ended while nobody was there end after a moment of grace.
     *
     * @return false if nothing was ever written
     */
    boolean restore(TurnClock clock) {
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
        writtenSeq = acks.delivered().stream();
        store.forEachPending((streamSeq, entry) -> restore(streamSeq, ByteBuffer.wrap(entry), clock));
        return true;
    }

    private void restore(long streamSeq, ByteBuffer entry, TurnClock clock) {
        writtenSeq = Math.max(writtenSeq, streamSeq);
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

    private void append(long streamSeq) {
        if (changeCount == changes.length) {
            changes = Arrays.copyOf(changes, changeCount * 2);
        }
        changes[changeCount++] = streamSeq;
    }

    private void rest() {
        dirty = false;
        LoopTimer set = timer;
        if (set != null) {
            set.cancel();
            timer = null;
        }
    }

    private void writeEntry(ConsumerStore kept, long streamSeq) {
        PendingMessage message = acks.pending(streamSeq);
        if (message != null) {
            kept.putPending(streamSeq, entry(message));
        } else if (acks.needs(streamSeq)) {
            kept.putPending(streamSeq, entry(0, 0, 0, acks.deliveries(streamSeq)));
        } else {
            kept.removePending(streamSeq);
        }
    }

    private static byte[] entry(PendingMessage message) {
        return entry(message.consumerSeq(), message.sinceNs(), message.waitNs(), message.deliveries());
    }

    private static byte[] entry(long consumerSeq, long sinceNs, long waitNs, int deliveries) {
        return ByteBuffer.allocate(ENTRY_BYTES)
                .putLong(consumerSeq)
                .putLong(sinceNs)
                .putLong(waitNs)
                .putInt(deliveries)
                .array();
    }

    private void writePositions(ConsumerStore kept) {
        kept.putState(ByteBuffer.allocate(STATE_BYTES)
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
