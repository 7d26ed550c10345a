package io.leafd.broker.net;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * Messages and bytes of one client. What comes in is written by its own loop; what goes out by each loop in a slot of its
 * own. Readers on other threads may see the numbers a little late.
 *
 * <p>The slots are made for the first message that goes out: they are a tenth of what a client takes, and many only publish.
 */
final class ClientStats {
    private static final AtomicReferenceFieldUpdater<ClientStats, long @Nullable []> OUT =
            AtomicReferenceFieldUpdater.newUpdater(ClientStats.class, long[].class, "out");
    private static final int SLOT = 16; // longs between loops: on one cache line they would slow each other down
    private static final int BYTES = 1; // of a slot; messages are at 0

    private final int loops;
    private volatile long @Nullable [] out;
    private final long startedAtMs;
    private long inMessages;
    private long inBytes;
    private volatile long lastActivityMs;

    ClientStats(int loops, long startedAtMs) {
        this.loops = loops;
        this.startedAtMs = startedAtMs;
        this.lastActivityMs = startedAtMs;
    }

    void in(int bytes) {
        inMessages++;
        inBytes += bytes;
    }

    void out(int loop, int bytes) {
        long[] slots = out;
        if (slots == null) {
            slots = firstOut();
        }
        slots[loop * SLOT]++;
        slots[loop * SLOT + BYTES] += bytes;
    }

    private long[] firstOut() {
        long[] made = new long[loops * SLOT];
        return OUT.compareAndSet(this, null, made) ? made : Objects.requireNonNull(out);
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
        long[] slots = out;
        long total = 0;
        for (int i = ofSlot; slots != null && i < slots.length; i += SLOT) {
            total += slots[i];
        }
        return total;
    }
}
