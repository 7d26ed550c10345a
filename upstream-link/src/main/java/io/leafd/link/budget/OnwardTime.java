package io.leafd.link.budget;

/**
 * The wall clock, as a time that never falls. Owned by the control thread; pure, clocks come in.
 *
 * <p>A clock that is set forward is followed. One that is set back by a little is waited for; one that is set back by more is
 * not followed: time goes on as it passes, and so do the periods, each as long as it should be.
 */
final class OnwardTime {
    private static final long WAITED_FOR_MS = 600_000;
    private static final long NS_PER_MS = 1_000_000;

    private long atMs;
    private long seenNs; // of the monotonic clock, when it was atMs

    /** A time that is not before {@code atMs}. */
    OnwardTime(long atMs, long wallMs, long nowNs) {
        this.atMs = Math.max(atMs, wallMs);
        this.seenNs = nowNs;
    }

    /** The time now, ms since 1970. */
    long ms(long wallMs, long nowNs) {
        long passedMs = Math.max(0, (nowNs - seenNs) / NS_PER_MS);
        seenNs += passedMs * NS_PER_MS;
        boolean strayed = atMs - wallMs > WAITED_FOR_MS;
        atMs = Math.max(wallMs, strayed ? atMs + passedMs : atMs);
        return atMs;
    }
}
