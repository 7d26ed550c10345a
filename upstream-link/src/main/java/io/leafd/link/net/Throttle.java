package io.leafd.link.net;

/**
 * Keeps what a connection sends below a rate, averaged over a second. Owned by the connection's event loop; pure.
 *
 * <pre>
 *            now          now + burst
 *   ──────────┼───────────────┼──────▶ time
 *                    ▲ throughAtNs: when all that was sent would be through at the rate. Beyond the burst, frames wait.
 * </pre>
 *
 * <p>A frame that may begin goes out whole, whatever its size; those behind it wait the longer. What is sent past the throttle,
 * because it may not wait, counts as well.
 */
final class Throttle {
    /** How far sending may be ahead of the rate: short, so that little queues up in the modem that the rate spares. */
    static final long BURST_NS = 250_000_000L;

    private static final double NS_PER_S = 1e9;

    private final double nsPerByte;
    private long throughAtNs;

    /** At most {@code bytesPerSecond}, which is more than 0. */
    Throttle(long bytesPerSecond, long nowNs) {
        this.nsPerByte = NS_PER_S / bytesPerSecond;
        this.throughAtNs = nowNs;
    }

    /** Nanoseconds until a frame may go; 0 for now. */
    long waitNs(long nowNs) {
        return Math.max(0, throughAtNs - nowNs - BURST_NS);
    }

    /** A frame goes. */
    void sent(int bytes, long nowNs) {
        long fromNs = throughAtNs - nowNs > 0 ? throughAtNs : nowNs;
        throughAtNs = fromNs + (long) (bytes * nsPerByte);
    }
}
