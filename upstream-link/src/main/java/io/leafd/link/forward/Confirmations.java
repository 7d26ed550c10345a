package io.leafd.link.forward;

import java.util.Arrays;

/**
 * Messages that the upstream holds while their place here and the position on disk do not say so yet. Owned by the store loop.
 *
 * <p>Each write of them is synced, so it is not made for each answer: it waits until nothing is under way, or for another write, or for
 * a time and a number. A crash before it costs a question to the upstream for each of them, and nothing else (invariant 3 of
 * {@link Forward}).
 */
final class Confirmations {
    static final long WAIT_MAX_NS = 100_000_000L;
    static final int COUNT_MAX = 4096;

    private long[] seqs = new long[64];
    private int count;
    private long sinceNs;

    /** A message was confirmed. */
    void add(long seq, long nowNs) {
        if (count == 0) {
            sinceNs = nowNs;
        }
        if (count == seqs.length) {
            seqs = Arrays.copyOf(seqs, count * 2);
        }
        seqs[count++] = seq;
    }

    /** Whether they have waited long enough, or are many enough. */
    boolean due(long nowNs) {
        return count >= COUNT_MAX || nowNs - dueAtNs() >= 0;
    }

    /** When they have waited long enough, {@link Long#MAX_VALUE} if there are none. */
    long dueAtNs() {
        return count == 0 ? Long.MAX_VALUE : sinceNs + WAIT_MAX_NS;
    }

    boolean isEmpty() {
        return count == 0;
    }

    /** Lets them go from their stream, in the order in which they were confirmed. */
    void release(Backlog backlog) {
        for (int i = 0; i < count; i++) {
            backlog.release(seqs[i]);
        }
        count = 0;
    }
}
