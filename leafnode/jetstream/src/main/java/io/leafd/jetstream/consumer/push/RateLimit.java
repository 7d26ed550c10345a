package io.leafd.jetstream.consumer.push;

/**
 * A bound on bits per second, as a bucket that fills with time. Owned by the store loop; pure.
 *
 * <p>A message goes out if the bucket is not empty, and may overdraw it: so no message is ever too large for it.
 */
public final class RateLimit {
    private static final double NS_PER_S = 1e9;

    private final double bytesPerNs;
    private final double burstBytes;
    private double level;
    private long levelAtNs;

    /**
     * A full bucket.
     *
     * @param burstBytes what it holds: the largest message
     */
    public RateLimit(long bitsPerSecond, long burstBytes, long nowNs) {
        this.bytesPerNs = Math.max(1, bitsPerSecond / 8) / NS_PER_S;
        this.burstBytes = Math.max(1, burstBytes);
        this.level = this.burstBytes;
        this.levelAtNs = nowNs;
    }

    /** Nanoseconds until a message may go out, 0 for now. */
    public long delayNs(long nowNs) {
        fill(nowNs);
        return level > 0 ? 0 : (long) Math.ceil((1 - level) / bytesPerNs);
    }

    /** Counts a message. */
    public void sent(long bytes) {
        level -= bytes;
    }

    private void fill(long nowNs) {
        level = Math.min(burstBytes, level + (nowNs - levelAtNs) * bytesPerNs);
        levelAtNs = nowNs;
    }
}
