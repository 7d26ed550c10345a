package io.leafd.link;

import java.time.Duration;

/**
 * Whether the peer is still there. Owned by the connection's event loop; pure, time comes in.
 *
 * <p>A PING goes out at every interval, whatever else is going on, because bytes from the peer say nothing about the way to
 * it. While one is unanswered, the peer counts as alive for {@link #patienceNs} after the last sign of life: bytes, or an
 * acknowledgement by its TCP, which on a slow link with a full queue comes long before the PONG. A host that lives on with
 * a server that does not is noticed by the third PING without answer.
 */
final class Heartbeat {
    private static final long PATIENCE_MIN_NS = Duration.ofSeconds(5).toNanos();
    private static final int ROUND_TRIPS = 3;
    private static final int UNANSWERED_MAX = 2;

    private final long intervalNs;
    private long pingDueNs;
    private long firstUnansweredNs;
    private int unanswered;
    private long rttNs;

    /** What to do now. */
    enum Action {
        NOTHING,
        PING,
        STALE
    }

    /** A heartbeat whose first PING is due at {@code firstNs}. */
    Heartbeat(Duration interval, long firstNs, long rttNs) {
        this.intervalNs = interval.toNanos();
        this.pingDueNs = firstNs;
        this.rttNs = rttNs;
    }

    /**
     * Looks at the clock.
     *
     * @param aliveNs when the last sign of life came from the peer
     */
    Action tick(long nowNs, long aliveNs) {
        if (unanswered > 0 && nowNs - silentSinceNs(aliveNs) >= patienceNs()) {
            return Action.STALE;
        }
        if (nowNs - pingDueNs < 0) {
            return Action.NOTHING;
        }
        if (unanswered >= UNANSWERED_MAX) {
            return Action.STALE;
        }
        if (unanswered == 0) {
            firstUnansweredNs = nowNs;
        }
        unanswered++;
        pingDueNs = nowNs + intervalNs;
        return Action.PING;
    }

    /** The peer answered the PING that was sent at {@code sentNs}. */
    void onPong(long sentNs, long nowNs) {
        rttNs = Math.max(1, nowNs - sentNs);
        unanswered = 0;
    }

    /** Nanoseconds until {@link #tick} should be asked again. */
    long nextNs(long nowNs, long aliveNs) {
        long next = pingDueNs - nowNs;
        if (unanswered > 0) {
            next = Math.min(next, silentSinceNs(aliveNs) + patienceNs() - nowNs);
        }
        return Math.max(next, 1_000_000);
    }

    /** How long the peer may be silent while it owes an answer: five seconds, or three round trips if that is more. */
    long patienceNs() {
        return Math.max(PATIENCE_MIN_NS, ROUND_TRIPS * rttNs);
    }

    /** Last measured round trip, 0 before the first. */
    long rttNs() {
        return rttNs;
    }

    private long silentSinceNs(long aliveNs) {
        return aliveNs - firstUnansweredNs > 0 ? aliveNs : firstUnansweredNs;
    }
}
