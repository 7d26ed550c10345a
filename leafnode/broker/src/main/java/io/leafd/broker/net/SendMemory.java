package io.leafd.broker.net;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The bytes that wait for all readers together, and their bound. Any thread.
 *
 * <p>Each {@link Outbox} has a bound of its own, but a hundred readers that are slow at the same time would pass what the
 * process may use of direct memory long before one of them reaches it; an event loop that can't get a buffer then stands
 * still, for everybody. So at the common bound those who lag most are cut off until a quarter of it is free again.
 */
final class SendMemory {
    private final long maxBytes;
    private final AtomicLong heldBytes = new AtomicLong();
    private final Set<Outbox> outboxes = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean relieving = new AtomicBoolean();

    /** For at most {@code maxBytes}. */
    SendMemory(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    void join(Outbox outbox) {
        outboxes.add(outbox);
    }

    void leave(Outbox outbox) {
        outboxes.remove(outbox);
    }

    /** Counts bytes in, or out if negative. */
    void add(long bytes) {
        heldBytes.addAndGet(bytes);
    }

    /** Cuts off the slowest readers if too much is held. */
    void relieve() {
        if (heldBytes.get() <= maxBytes || !relieving.compareAndSet(false, true)) {
            return;
        }
        try {
            List<Lag> lags = new ArrayList<>();
            long heldByOpen = 0; // what a closed one still holds goes by itself
            for (Outbox outbox : outboxes) {
                if (!outbox.closed()) {
                    var lag = new Lag(outbox, outbox.pendingBytes());
                    lags.add(lag);
                    heldByOpen += lag.bytes;
                }
            }
            if (heldByOpen <= maxBytes) {
                return;
            }
            lags.sort(Comparator.comparingLong(Lag::bytes).reversed());
            for (int i = 0; i < lags.size() && heldByOpen > maxBytes / 4 * 3; i++) {
                lags.get(i).outbox.cutOff();
                heldByOpen -= lags.get(i).bytes;
            }
        } finally {
            relieving.set(false);
        }
    }

    private record Lag(Outbox outbox, long bytes) {}
}
