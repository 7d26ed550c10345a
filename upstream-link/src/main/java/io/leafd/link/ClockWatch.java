package io.leafd.link;

import java.time.Duration;

/**
 * Notices that the wall clock was set, or that the box had been asleep: it moved otherwise than the monotonic clock. Owned by the control
 * thread, which asks every second; what a clock is slewed by in a second is far less than what counts as set.
 */
final class ClockWatch {
    private static final long SET_NS = Duration.ofSeconds(10).toNanos();

    private long aheadNs;

    /** A watch that knows both clocks as they are now. */
    ClockWatch(long wallNs, long monotonicNs) {
        aheadNs = wallNs - monotonicNs;
    }

    /** Whether the wall clock was set since the last question, forward or back. */
    boolean wasSet(long wallNs, long monotonicNs) {
        long beforeNs = aheadNs;
        aheadNs = wallNs - monotonicNs;
        return Math.abs(aheadNs - beforeNs) > SET_NS;
    }
}
