package io.leafd.link.forward;

/**
 * How much a forward may have under way: enough to fill the link, not enough to stand in its own way. Owned by the store
 * loop.
 *
 * <p>Delay decides, not loss: TCP below hides loss, and a satellite modem's buffer takes minutes of data before it drops
 * anything. Once per round trip the shortest one seen in that round is compared with the shortest ever seen on this
 * connection. Longer by more than half (or 50 ms): data waits somewhere on the way, so the window shrinks to what fits.
 * Otherwise it grows, if it was used: doubling until it had to shrink once, by an eighth from then on.
 *
 * <p>The shortest round trip is forgotten every ten minutes and measured anew with a quarter of the window, since a route
 * may have become longer for good. Bounds: {@value #BYTES_MIN} to {@value #BYTES_MAX} bytes, {@value #COUNT_MAX} messages.
 *
 * <p>Tried and left: fixed windows (1 MiB is 131 s of a 64 kbit/s link), and a rate estimate as in BBR, which needs pacing
 * by a timer for the same result.
 */
final class Pace {
    static final int BYTES_MIN = 4 << 10;
    static final int BYTES_START = 8 << 10;
    static final int BYTES_MAX = 1 << 20;
    static final int COUNT_MAX = 4096;
    static final long QUEUEING_MIN_NS = 50_000_000;
    static final long SHORTEST_KEPT_NS = 600_000_000_000L;

    private long bytes = BYTES_START;
    private boolean slowStart = true;
    private boolean probing;
    private long shortestNs = Long.MAX_VALUE;
    private long shortestAtNs;
    private long roundShortestNs = Long.MAX_VALUE;
    private long roundEndSeq;
    private boolean roundUsed;
    private long smoothedNs;

    /** A new connection: nothing is known of it. */
    void restart(long nowNs) {
        bytes = BYTES_START;
        slowStart = true;
        probing = false;
        shortestNs = Long.MAX_VALUE;
        shortestAtNs = nowNs;
        roundShortestNs = Long.MAX_VALUE;
        roundEndSeq = 0;
        roundUsed = false;
        smoothedNs = 0;
    }

    /** The upstream refuses: one message at a time until it takes one. */
    void probe() {
        probing = true;
    }

    /** Whether one more may be sent; the first always may, whatever its size. */
    boolean admits(int flyingCount, long flyingBytes) {
        boolean room = flyingCount == 0 || (!probing && flyingBytes < bytes && flyingCount < COUNT_MAX);
        if (!room) {
            roundUsed = true;
        }
        return room;
    }

    /**
     * A message was confirmed.
     *
     * @param rttNs time since it was sent, 0 if that says nothing
     * @param sentSeq the last sequence sent so far
     */
    void confirmed(long seq, long rttNs, long sentSeq, long nowNs) {
        probing = false;
        if (rttNs > 0) {
            smoothedNs = smoothedNs == 0 ? rttNs : smoothedNs + (rttNs - smoothedNs) / 8;
            roundShortestNs = Math.min(roundShortestNs, rttNs);
        }
        if (seq < roundEndSeq || roundShortestNs == Long.MAX_VALUE) {
            return;
        }
        endRound(nowNs);
        roundEndSeq = sentSeq + 1;
        roundShortestNs = Long.MAX_VALUE;
        roundUsed = false;
    }

    /** Smoothed time from sending to confirmation in nanoseconds, 0 while unknown. */
    long smoothedNs() {
        return smoothedNs;
    }

    /** The window in bytes. */
    long bytes() {
        return bytes;
    }

    private void endRound(long nowNs) {
        if (nowNs - shortestAtNs > SHORTEST_KEPT_NS) {
            shortestNs = Long.MAX_VALUE;
            shortestAtNs = nowNs;
            bytes = Math.max(BYTES_MIN, bytes / 4);
            return; // the next round, with a quarter under way, tells the new shortest
        }
        if (roundShortestNs <= shortestNs) {
            shortestNs = roundShortestNs;
            shortestAtNs = nowNs;
        }
        long queueingMaxNs = Math.max(shortestNs / 2, QUEUEING_MIN_NS);
        if (roundShortestNs > shortestNs + queueingMaxNs) {
            slowStart = false;
            double fits = (double) (shortestNs + queueingMaxNs / 2) / roundShortestNs;
            bytes = Math.max(BYTES_MIN, (long) (bytes * fits));
        } else if (roundUsed) {
            bytes = Math.min(BYTES_MAX, slowStart ? bytes * 2 : bytes + Math.max(bytes / 8, 1024));
        }
    }
}
