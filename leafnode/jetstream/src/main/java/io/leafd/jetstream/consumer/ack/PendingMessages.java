package io.leafd.jetstream.consumer.ack;

import org.jspecify.annotations.Nullable;

/**
 * The pending messages of a consumer in three orders at once: by sequence (look-up), in stream order (floors), by the end of
 * their wait (redelivery). Owned by the store loop.
 *
 * <pre>
 *   slots   [ . 7 . . 9 . 8 . ]   open addressing over the stream sequence, at most half full
 *   list    head ▶ 7 ⇄ 8 ⇄ 9 ◀ tail     first deliveries come in stream order, so appending keeps it sorted
 *   heap    [ 8, 7, 9 ]           earliest due first; each message knows its place, so leaving is O(log n)
 * </pre>
 *
 * <p>Bound: the consumer's {@code max_ack_pending}, and {@link AckRules#PENDING_MAX} where that is unlimited. A map of boxed
 * sequences and a scan of all waits per timer, as others do it, were rejected: each acknowledgement is on the hot path.
 */
final class PendingMessages {
    private @Nullable PendingMessage[] slots = new PendingMessage[16];
    private PendingMessage[] heap = new PendingMessage[8];
    private int heapSize;
    private int size;
    private @Nullable PendingMessage head;
    private @Nullable PendingMessage tail;

    int size() {
        return size;
    }

    /** The lowest in stream order, or null. */
    @Nullable
    PendingMessage first() {
        return head;
    }

    /** The highest in stream order, or null. */
    @Nullable
    PendingMessage last() {
        return tail;
    }

    @Nullable
    PendingMessage get(long streamSeq) {
        for (int i = slotOf(streamSeq); ; i = (i + 1) & (slots.length - 1)) {
            PendingMessage found = slots[i];
            if (found == null || found.streamSeq == streamSeq) {
                return found;
            }
        }
    }

    /** Adds a message above all others. */
    void append(PendingMessage message) {
        PendingMessage last = tail;
        if (last != null && last.streamSeq >= message.streamSeq) {
            throw new IllegalStateException("pending " + message + " after " + last);
        }
        if (2 * (size + 1) > slots.length) {
            grow();
        }
        insert(message);
        size++;
        message.previous = last;
        if (last == null) {
            head = message;
        } else {
            last.next = message;
        }
        tail = message;
    }

    void remove(PendingMessage message) {
        unslot(message.streamSeq);
        size--;
        PendingMessage before = message.previous;
        PendingMessage after = message.next;
        if (before == null) {
            head = after;
        } else {
            before.next = after;
        }
        if (after == null) {
            tail = before;
        } else {
            after.previous = before;
        }
        message.previous = null;
        message.next = null;
        rest(message);
    }

    void clear() {
        slots = new PendingMessage[16];
        heap = new PendingMessage[8];
        heapSize = 0;
        size = 0;
        head = null;
        tail = null;
    }

    /** Lets the wait of a message end at this time instead of whenever it would have. */
    void await(PendingMessage message, long dueNs) {
        int at = message.heapIndex;
        if (at < 0) {
            if (heapSize == heap.length) {
                heap = java.util.Arrays.copyOf(heap, heapSize * 2);
            }
            message.dueNs = dueNs;
            siftUp(message, heapSize++);
            return;
        }
        boolean sooner = dueNs - message.dueNs < 0;
        message.dueNs = dueNs;
        if (sooner) {
            siftUp(message, at);
        } else {
            siftDown(message, at);
        }
    }

    /** Stops the wait of a message. */
    void rest(PendingMessage message) {
        int at = message.heapIndex;
        if (at < 0) {
            return;
        }
        message.heapIndex = -1;
        PendingMessage last = heap[--heapSize];
        vacate(heapSize);
        if (last != message) {
            siftUp(last, at);
            if (last.heapIndex == at) {
                siftDown(last, at);
            }
        }
    }

    /** The message whose wait ends first, or null if none waits. */
    @Nullable
    PendingMessage soonest() {
        return heapSize == 0 ? null : heap[0];
    }

    private int slotOf(long streamSeq) {
        return (int) ((streamSeq * 0x9E3779B97F4A7C15L) >>> 32) & (slots.length - 1);
    }

    private void insert(PendingMessage message) {
        int i = slotOf(message.streamSeq);
        while (slots[i] != null) {
            i = (i + 1) & (slots.length - 1);
        }
        slots[i] = message;
    }

    private void grow() {
        slots = new PendingMessage[slots.length * 2];
        for (PendingMessage message = head; message != null; message = message.next) {
            insert(message);
        }
    }

    /** Empties a slot and moves up those behind it that would not be found any more. */
    private void unslot(long streamSeq) {
        int mask = slots.length - 1;
        int hole = slotOf(streamSeq);
        PendingMessage found = slots[hole];
        while (found != null && found.streamSeq != streamSeq) {
            hole = (hole + 1) & mask;
            found = slots[hole];
        }
        slots[hole] = null;
        int i = (hole + 1) & mask;
        for (PendingMessage moved = slots[i]; moved != null; i = (i + 1) & mask, moved = slots[i]) {
            int fromHome = (i - slotOf(moved.streamSeq)) & mask;
            int fromHole = (i - hole) & mask;
            if (fromHome >= fromHole) { // its search passes the hole
                slots[hole] = moved;
                slots[i] = null;
                hole = i;
            }
        }
    }

    @SuppressWarnings("NullAway") // slots at and above heapSize are never read
    private void vacate(int at) {
        heap[at] = null;
    }

    private void siftUp(PendingMessage message, int from) {
        int at = from;
        while (at > 0) {
            int parent = (at - 1) >>> 1;
            if (heap[parent].dueNs - message.dueNs <= 0) {
                break;
            }
            place(heap[parent], at);
            at = parent;
        }
        place(message, at);
    }

    private void siftDown(PendingMessage message, int from) {
        int at = from;
        while (true) {
            int child = 2 * at + 1;
            if (child >= heapSize) {
                break;
            }
            if (child + 1 < heapSize && heap[child + 1].dueNs - heap[child].dueNs < 0) {
                child++;
            }
            if (heap[child].dueNs - message.dueNs >= 0) {
                break;
            }
            place(heap[child], at);
            at = child;
        }
        place(message, at);
    }

    private void place(PendingMessage message, int at) {
        heap[at] = message;
        message.heapIndex = at;
    }
}
