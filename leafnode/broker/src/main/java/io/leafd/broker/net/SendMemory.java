package io.leafd.broker.net;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The memory of all that waits for readers, and its bound. Any thread.
 *
 * <p>Each {@link Outbox} has a bound of its own, but a hundred readers that are slow at the same time would pass what the
 * process may use of direct memory long before one of them reaches it; an event loop that can't get a buffer then stands
 * still, for everybody. What counts is what buffers take, not what is in them: half of a buffer may be empty.
 *
 * <pre>
 *   0 ───────────── 3/4 ──────────── max ───────────── ceiling
 *                    └ slowest are cut ┤                  │
 *                      until it is here│                  └ no buffer any more: who needs one is cut off
 *                                      └ who publishes is paused, those who lag most are cut off
 * </pre>
 *
 * <p>Between bound and ceiling lies what is on its way when the bound is met: the message that is being delivered, and what those
 * hold who are cut off until their loops come to it.
 */
final class SendMemory {
    private final long maxBytes;
    private final AtomicLong heldBytes = new AtomicLong();
    private final Set<Outbox> outboxes = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean relieving = new AtomicBoolean();
    private final Set<Outbox> wantRoom = ConcurrentHashMap.newKeySet();

    /** For at most {@code maxBytes}, and half as much again until that is enforced. */
    SendMemory(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** What buffers take at present. */
    long heldBytes() {
        return heldBytes.get();
    }

    /** Whether the bound is not met, so that publishers may go on. */
    boolean hasRoom() {
        return heldBytes.get() <= maxBytes;
    }

    /** Whether a buffer of so many bytes may still be made. */
    boolean mayTake(int bytes) {
        return heldBytes.get() + bytes <= maxBytes + maxBytes / 2;
    }

    void join(Outbox outbox) {
        outboxes.add(outbox);
    }

    void leave(Outbox outbox) {
        outboxes.remove(outbox);
    }

    /** Counts bytes in, or out if negative: then those who waited for room go on if there is some. */
    void add(long bytes) {
        long held = heldBytes.addAndGet(bytes);
        if (bytes < 0 && held <= maxBytes && !wantRoom.isEmpty()) {
            List<Outbox> waiting = new ArrayList<>(wantRoom);
            waiting.forEach(wantRoom::remove);
            waiting.forEach(Outbox::resumePublishers);
        }
    }

    /** Has the outbox's publishers go on as soon as there is room. */
    void wakeLater(Outbox outbox) {
        wantRoom.add(outbox);
    }

    /** Cuts off the slowest readers if too much is held. */
    void relieve() {
        if (hasRoom() || !relieving.compareAndSet(false, true)) {
            return;
        }
        try {
            List<Lag> lags = new ArrayList<>();
            long left = heldBytes.get();
            for (Outbox outbox : outboxes) {
                long bytes = outbox.heldBytes();
                if (outbox.closed()) {
                    left -= bytes; // what a closed one still holds goes by itself
                } else {
                    lags.add(new Lag(outbox, bytes));
                }
            }
            if (left <= maxBytes) {
                return;
            }
            lags.sort(Comparator.comparingLong(Lag::bytes).reversed());
            for (int i = 0; i < lags.size() && left > maxBytes / 4 * 3; i++) {
                lags.get(i).outbox.cutOff();
                left -= lags.get(i).bytes;
            }
        } finally {
            relieving.set(false);
        }
    }

    private record Lag(Outbox outbox, long bytes) {}
}
