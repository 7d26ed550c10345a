package io.leafd.jetstream.stream;

import io.leafd.jetstream.json.GoTime;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.function.LongSupplier;

/**
 * The time that a stream stamps its messages with, and their age by it, on a box whose wall clock may be set at any moment. Owned
 * by the store loop.
 *
 * <p>Between two looks the time goes on with the monotonic clock. When the wall clock was set forward (a box without battery
 * learns the time), new messages get the new time, and messages that were stamped by this process before count as old as they
 * are by the monotonic clock: nothing expires early. When it was set back, the time goes on as before until the wall clock has
 * caught up: timestamps never fall. After a restart the wall clock is believed. Bound: the last {@value #JUMPS_MAX} jumps.
 */
final class StreamTime {
    private static final long TOLERANCE_NS = 1_000_000_000L;
    private static final int JUMPS_MAX = 16;

    /** The wall clock went from {@code fromNs} to {@code fromNs + deltaNs} when the monotonic clock showed {@code nanoTime}. */
    private record Jump(long fromNs, long deltaNs, long nanoTime) {}

    private final InstantSource clock;
    private final LongSupplier nanoTime;
    private final long startNs;
    private final ArrayDeque<Jump> jumps = new ArrayDeque<>();
    private long baseNs;

    StreamTime(InstantSource clock, LongSupplier nanoTime) {
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.startNs = GoTime.epochNs(clock.instant());
        this.baseNs = startNs - nanoTime.getAsLong();
    }

    /** The present, in nanoseconds since 1970. */
    long nowNs() {
        long monotonicNs = nanoTime.getAsLong();
        long expectedNs = monotonicNs + baseNs;
        long wallNs = GoTime.epochNs(clock.instant());
        if (wallNs - expectedNs <= TOLERANCE_NS) {
            return expectedNs;
        }
        if (jumps.size() == JUMPS_MAX) {
            jumps.removeFirst();
        }
        jumps.addLast(new Jump(expectedNs, wallNs - expectedNs, monotonicNs));
        baseNs = wallNs - monotonicNs;
        return wallNs;
    }

    /** How old a message with this timestamp is. */
    long ageNs(long timestampNs) {
        long ageNs = nowNs() - timestampNs;
        for (Jump jump : jumps) {
            if (timestampNs >= startNs && timestampNs < jump.fromNs) {
                ageNs -= jump.deltaNs;
            }
        }
        return ageNs;
    }

    /** A window before the present, longer by what the clock jumped within it: what was inside stays inside. */
    long windowNs(long windowNs) {
        long stretchedNs = windowNs;
        long monotonicNs = nanoTime.getAsLong();
        for (Jump jump : jumps) {
            if (monotonicNs - jump.nanoTime < windowNs) {
                stretchedNs += jump.deltaNs;
            }
        }
        return stretchedNs;
    }
}
