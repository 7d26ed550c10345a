package io.leafd.link.forward;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a forward counts, and what it last complained of. Owned by the store loop. */
final class Tally {
    private static final Logger log = LoggerFactory.getLogger(Tally.class);
    private static final double SMOOTHING_NS = 10e9;

    private final String forward;
    private long confirmed;
    private long confirmedBytes;
    private long restarts;
    private long resends;
    private double messagesPerNs;
    private long rateAtNs;
    private boolean rated;
    private long lastSuccessMs;
    private long lastErrorMs;
    private @Nullable String lastError;
    private @Nullable String logged;

    Tally(String forward) {
        this.forward = forward;
    }

    /** The upstream holds one more. */
    void confirmed(int bytes, long nowNs, long wallMs) {
        confirmed++;
        confirmedBytes += bytes;
        decay(nowNs);
        messagesPerNs += 1 / SMOOTHING_NS;
        lastSuccessMs = wallMs;
        if (logged != null) {
            log.info("forward goes on forward={}", forward);
            logged = null;
        }
    }

    /** Something is wrong: shown until the next one, logged once until something works again. */
    void error(String text, long wallMs) {
        lastError = text;
        lastErrorMs = wallMs;
        if (!text.equals(logged)) {
            log.warn("forward is held up forward={} cause={}", forward, text);
            logged = text;
        }
    }

    void restarted() {
        restarts++;
    }

    void resent() {
        resends++;
    }

    /** Messages confirmed per second, smoothed over about ten seconds. */
    double messagesPerSecond(long nowNs) {
        decay(nowNs);
        return messagesPerNs * 1e9;
    }

    long confirmed() {
        return confirmed;
    }

    long confirmedBytes() {
        return confirmedBytes;
    }

    long restarts() {
        return restarts;
    }

    long resends() {
        return resends;
    }

    long lastSuccessMs() {
        return lastSuccessMs;
    }

    @Nullable
    String lastError() {
        return lastError;
    }

    long lastErrorMs() {
        return lastErrorMs;
    }

    private void decay(long nowNs) {
        if (rated) {
            messagesPerNs *= Math.exp(-(nowNs - rateAtNs) / SMOOTHING_NS);
        }
        rated = true;
        rateAtNs = nowNs;
    }
}
