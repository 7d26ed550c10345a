package io.leafd.broker.net;

/**
 * Messages and bytes of one client. What comes in is written by its own loop; what goes out by each loop in a slot of its
 * own. Readers on other threads may see the numbers a little late.
 */
final class ClientStats {
    private static final int SLOT = 16; // longs between loops: on one cache line they would slow each other down
    private static final int BYTES = 1; // of a slot; messages are at 0

    private final long[] out;
    private final long startedAtMs;
    private long inMessages;
    private long inBytes;
    private volatile long lastActivityMs;

    ClientStats(int loops, long startedAtMs) {
        this.out = new long[loops * SLOT];
        this.startedAtMs = startedAtMs;
        this.lastActivityMs = startedAtMs;
    }

    void in(int bytes) {
        inMessages++;
        inBytes += bytes;
    }

    void out(int loop, int bytes) {
        out[loop * SLOT]++;
        out[loop * SLOT + BYTES] += bytes;
    }

    void active(long nowMs) {
        lastActivityMs = nowMs;
    }

    long startedAtMs() {
        return startedAtMs;
    }

    long lastActivityMs() {
        return lastActivityMs;
    }

    long inMessages() {
        return inMessages;
    }

    long inBytes() {
        return inBytes;
    }

    long outMessages() {
        return sum(0);
    }

    long outBytes() {
        return sum(BYTES);
    }

    private long sum(int ofSlot) {
        long total = 0;
        for (int i = ofSlot; i < out.length; i += SLOT) {
            total += out[i];
        }
        return total;
    }
}
