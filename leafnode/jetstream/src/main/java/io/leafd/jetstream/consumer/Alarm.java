package io.leafd.jetstream.consumer;

import io.leafd.store.loop.LoopTimer;
import io.leafd.store.loop.StoreLoop;
import io.leafd.store.loop.Work;
import org.jspecify.annotations.Nullable;

/**
 * The one timer of a consumer, set to the earliest of all that it waits for. Owned by the store loop.
 *
 * <p>It is never moved to a later time: it then fires early and is set anew. That saves a heap operation for each message and
 * acknowledgement.
 */
final class Alarm {
    private final StoreLoop loop;
    private final Work work;
    private @Nullable LoopTimer timer;
    private long dueNs;

    Alarm(StoreLoop loop, Work work) {
        this.loop = loop;
        this.work = work;
    }

    /** Sees to it that it fires within this time, {@link Long#MAX_VALUE} for no need. */
    void within(long delayNs, long nowNs) {
        if (delayNs == Long.MAX_VALUE) {
            return;
        }
        LoopTimer set = timer;
        if (set != null && set.pending()) {
            if (dueNs - (nowNs + delayNs) <= 0) {
                return;
            }
            set.cancel();
        }
        dueNs = nowNs + delayNs;
        timer = loop.schedule(delayNs, work);
    }

    void cancel() {
        LoopTimer set = timer;
        if (set != null) {
            set.cancel();
        }
    }
}
