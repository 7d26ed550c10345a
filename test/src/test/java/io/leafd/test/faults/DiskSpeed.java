package io.leafd.test.faults;

import java.time.Duration;

/**
 * How fast a {@link Disk} is: it does one thing after the other, and each takes its time. Immutable.
 *
 * @param bytesPerSecond read or written; 0 for as many as this machine can
 * @param flush what a flush takes beside that
 */
record DiskSpeed(long bytesPerSecond, Duration flush) {
    /** As fast as it goes. */
    static final DiskSpeed UNBOUNDED = new DiskSpeed(0, Duration.ZERO);

    /** A memory card of the better sort, as many edge boxes have: ten megabytes and at most 250 flushes a second. */
    static final DiskSpeed CARD = new DiskSpeed(10_000_000, Duration.ofMillis(4));

    /** How long it takes to read or write so many bytes, in nanoseconds. */
    long transferNs(int bytes) {
        return bytesPerSecond == 0 ? 0 : bytes * 1_000_000_000L / bytesPerSecond;
    }
}
