package io.leafd.jetstream.stream;

/**
 * The wall clock was set forward. Immutable.
 *
 * @param startNs timestamps from here on, nanoseconds since 1970,
 * @param fromNs and below here were given before the jump
 * @param deltaNs by how much it went
 * @param nanoTime monotonic clock at the jump, of the present boot
 */
record ClockJump(long startNs, long fromNs, long deltaNs, long nanoTime) {
    /** The same, seen from a boot in which the old monotonic clock means nothing: longer ago than any window. */
    ClockJump longAgo(long nowNanoTime) {
        return new ClockJump(startNs, fromNs, deltaNs, nowNanoTime - Long.MAX_VALUE / 2);
    }

    /** Both as one: no message counts as older than by the two. */
    ClockJump joined(ClockJump later) {
        return new ClockJump(startNs, later.fromNs, deltaNs + later.deltaNs, later.nanoTime);
    }
}
