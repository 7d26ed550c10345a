package io.leafd.broker.net;

/**
 * Messages and bytes of one client. What comes in is written by its own loop; what goes out by each loop in a slot of its
 * own. Readers on other threads may see the numbers a little late.
 */
final class ClientStats {
    private final long[] outMessages;
    private final long[] outBytes;
    private final long startedAtMs;
    private long inMessages;
    private long inBytes;
    private volatile long lastActivityMs;

    ClientStats(int loops, long startedAtMs) {
        this.outMessages = new long[loops];
        this.outBytes = new long[loops];
        this.startedAtMs = startedAtMs;
        this.lastActivityMs = startedAtMs;
    }

    void in(int bytes) {
        inMessages++;
        inBytes += bytes;
    }

    void out(int loop, int bytes) {
        outMessages[loop]++;
        outBytes[loop] += bytes;
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
        return sum(outMessages);
    }

    long outBytes() {
        return sum(outBytes);
    }

    private static long sum(long[] slots) {
        long total = 0;
        for (long slot : slots) {
            total += slot;
        }
        return total;
    }
}
