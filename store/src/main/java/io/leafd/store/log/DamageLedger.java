package io.leafd.store.log;

import java.util.HashSet;
import java.util.Set;

/**
 * Which damaged ranges were met since the store was opened, so that each is reported once. Owned by the store loop. Bounded: beyond
 * {@link #RANGES_MAX} ranges each is reported again when met, which is better than silence.
 */
public final class DamageLedger {
    private static final int RANGES_MAX = 4096;

    private record Known(long streamId, long firstSeq, long lastSeq) {}

    private final Set<Known> known = new HashSet<>();
    private final DamageListener listener;

    /** A ledger that tells {@code listener} what is new. */
    public DamageLedger(DamageListener listener) {
        this.listener = listener;
    }

    /** Notes a range; answers it. */
    DamagedRange met(long streamId, DamagedRange range) {
        var key = new Known(streamId, range.firstSeq(), range.lastSeq());
        if (!known.contains(key)) {
            if (known.size() < RANGES_MAX) {
                known.add(key);
            }
            listener.met(streamId, range);
        }
        return range;
    }

    /** Sequences that were lost are so no more; durable. */
    void settled(long streamId, long firstSeq, long lastSeq) {
        listener.settled(streamId, firstSeq, lastSeq);
    }

    /** Forgets all, for a reopened store. */
    public void clear() {
        known.clear();
    }
}
