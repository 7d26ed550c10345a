package io.leafd.store.loop;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Binary heap of timers, earliest first, equals in the order they were made. Owned by the store loop.
 *
 * <p>Each timer knows its position, so that a cancelled one leaves at once: pull requests and acknowledgement waits are
 * cancelled far more often than they fire, and a heap that keeps the dead until they are due would grow with traffic.
 */
final class Timers {
    private LoopTimer[] heap = new LoopTimer[64];
    private int size;
    private long made;

    LoopTimer add(long dueNs, Work work) {
        var timer = new LoopTimer(this, dueNs, made++, work);
        if (size == heap.length) {
            heap = Arrays.copyOf(heap, size * 2);
        }
        siftUp(timer, size++);
        return timer;
    }

    int size() {
        return size;
    }

    /** Nanoseconds until the first is due, 0 if it is, {@link Long#MAX_VALUE} without timers. */
    long delayNs(long nowNs) {
        return size == 0 ? Long.MAX_VALUE : Math.max(0, heap[0].dueNs - nowNs);
    }

    /** Takes the first timer if it is due. */
    @Nullable
    LoopTimer pollDue(long nowNs) {
        if (size == 0 || heap[0].dueNs - nowNs > 0) {
            return null;
        }
        LoopTimer first = heap[0];
        remove(first);
        return first;
    }

    void remove(LoopTimer timer) {
        int at = timer.index;
        if (at < 0) {
            return;
        }
        timer.index = -1;
        LoopTimer last = heap[--size];
        clear(size);
        if (last != timer) {
            siftUp(last, at);
            if (last.index == at) {
                siftDown(last, at);
            }
        }
    }

    @SuppressWarnings("NullAway") // slots at and above size are never read
    private void clear(int at) {
        heap[at] = null;
    }

    private void siftUp(LoopTimer timer, int from) {
        int at = from;
        while (at > 0) {
            int parent = (at - 1) >>> 1;
            if (!timer.before(heap[parent])) {
                break;
            }
            place(heap[parent], at);
            at = parent;
        }
        place(timer, at);
    }

    private void siftDown(LoopTimer timer, int from) {
        int at = from;
        while (true) {
            int child = 2 * at + 1;
            if (child >= size) {
                break;
            }
            if (child + 1 < size && heap[child + 1].before(heap[child])) {
                child++;
            }
            if (!heap[child].before(timer)) {
                break;
            }
            place(heap[child], at);
            at = child;
        }
        place(timer, at);
    }

    private void place(LoopTimer timer, int at) {
        heap[at] = timer;
        timer.index = at;
    }
}
