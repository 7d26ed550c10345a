package io.leafd.jetstream.stream;

import io.leafd.broker.interest.Publisher;
import io.leafd.store.loop.StoreLoop;
import io.leafd.store.loop.Work;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps publishers from outrunning the disk. Any thread.
 *
 * <p>Above a high-water mark of the store loop's inbox whoever publishes is paused, below the low one all are let go again; who
 * still gets through to a full inbox is refused. Memory is bounded by the inbox, not by the publishers.
 *
 * <p>The marks are two groups of the store loop and one: enough to keep the disk busy while publishers come back, and so little that
 * what waits survives in the young generation of a small heap. With four times as much, under load everything was promoted, and the
 * whole heap collected once a second. What is not let in waits in the kernel. The bodies of as much as the high-water mark lie in rings
 * outside of the heap.
 */
public final class IntakeGate {
    private static final long HIGH_BYTES = 1L << 20;
    private static final long LOW_BYTES = 512L << 10;
    private static final int HIGH_ITEMS = 2048;
    private static final int LOW_ITEMS = 1024;
    private static final int RING_BYTES_MIN = 64 << 10;

    private final StoreLoop loop;
    private final IntakeRing[] rings;
    private final Set<Publisher> paused = ConcurrentHashMap.newKeySet();

    /**
     * The gate of a store; one for all its streams.
     *
     * @param eventLoops how many there are
     */
    public IntakeGate(StoreLoop loop, int eventLoops) {
        this.loop = loop;
        this.rings = new IntakeRing[eventLoops];
        Arrays.setAll(rings, ring -> new IntakeRing((int) Math.max(RING_BYTES_MIN, HIGH_BYTES / eventLoops)));
    }

    /** Where the bodies of messages wait that come on an event loop. */
    IntakeRing ring(int eventLoop) {
        return rings[eventLoop];
    }

    /** Queues work for a publisher, and pauses it if much is waiting; false if the inbox is full. */
    public boolean offer(Work work, int bytes, Publisher publisher) {
        boolean queued = loop.offer(work, bytes);
        if (!queued || loop.queuedBytes() > HIGH_BYTES || loop.queuedItems() > HIGH_ITEMS) {
            paused.add(publisher);
            publisher.pause(); // each time: a pause ends by itself after a while
        }
        return queued;
    }

    /** Lets paused publishers go on if there is room again: called by whoever offers, once its work is done. */
    public void relieve() {
        if (!paused.isEmpty() && loop.queuedBytes() < LOW_BYTES && loop.queuedItems() < LOW_ITEMS) {
            for (Publisher publisher : List.copyOf(paused)) {
                paused.remove(publisher); // first, so that a pause from now on is not lost
                publisher.resume();
            }
        }
    }
}
