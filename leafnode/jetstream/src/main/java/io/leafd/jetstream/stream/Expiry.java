package io.leafd.jetstream.stream;

import io.leafd.store.log.RemovalVisitor;
import io.leafd.store.log.StreamLog;
import io.leafd.store.loop.LoopTimer;
import io.leafd.store.loop.StoreLoop;
import org.jspecify.annotations.Nullable;

/**
 * Takes messages out of a stream when they reach {@code max_age}, also while nobody publishes. Owned by the store loop.
 *
 * <p>One timer, set for the oldest message. A batch that expires together is removed in portions, so that publishers and
 * consumers get their turn in between.
 */
final class Expiry {
    private static final int PORTION = 1000;

    private final StoreLoop loop;
    private final StreamTime time;
    private final StreamLog log;
    private final RemovalVisitor onRemoved;
    private long maxAgeNs;
    private @Nullable LoopTimer timer;

    /** An expiry that does nothing before {@link #start}. */
    Expiry(StoreLoop loop, StreamTime time, StreamLog log, RemovalVisitor onRemoved) {
        this.loop = loop;
        this.time = time;
        this.log = log;
        this.onRemoved = onRemoved;
    }

    /** Begins to expire, or goes on with another age; 0 for never. */
    void start(long newMaxAgeNs) {
        stop();
        maxAgeNs = newMaxAgeNs;
        onAppended();
    }

    /** A message was stored: the first one of a stream needs a timer. */
    void onAppended() {
        if (maxAgeNs > 0 && timer == null && log.messages() > 0) {
            timer = loop.schedule(dueInNs(), this::expire);
        }
    }

    /** Whether a message with this timestamp is too old to be kept. */
    boolean isOver(long timestampNs) {
        return maxAgeNs > 0 && time.ageNs(timestampNs) >= maxAgeNs;
    }

    /** Ends it. */
    void stop() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }

    private void expire() {
        timer = null;
        for (int i = 0; i < PORTION && log.messages() > 0 && dueInNs() <= 0; i++) {
            log.removeFirst(onRemoved);
        }
        onAppended();
    }

    private long dueInNs() {
        return maxAgeNs - time.ageNs(log.firstTimestampNs());
    }
}
