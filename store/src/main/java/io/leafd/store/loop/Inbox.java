package io.leafd.store.loop;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Bounded queue of work: many threads offer, the store loop takes. Lock-free.
 *
 * <p>A ring of slots. A producer claims a position by moving {@code tail} and then fills its slot; the loop takes slots in
 * order and stops at one that is claimed but not yet filled. Bounds: {@code itemsMax} (a power of two) and {@code bytesMax},
 * the sum of what producers say their work holds in memory; at either bound {@link #offer} answers false and the producer
 * slows down or refuses. Nothing is allocated per offer.
 *
 * <p>What waits may be taken back out of its slot by another thread ({@link #refuseWaiting}). The slot decides who has it: whoever
 * exchanges the work for something else, the loop for nothing or the other thread for {@link #TAKEN_BACK}.
 */
final class Inbox {
    /** In the slot of what was refused; the loop takes it as work that does nothing. */
    private static final Work TAKEN_BACK = () -> {};

    private final AtomicReferenceArray<@Nullable Work> slots;
    /** Bytes of each slot's work; written before the slot is filled and read after it was seen filled. */
    private final int[] slotBytes;

    private final int mask;
    private final long bytesMax;
    private final PaddedCounter tail = new PaddedCounter();
    private final PaddedCounter offeredBytes = new PaddedCounter();
    private final PaddedCounter head = new PaddedCounter(); // only the loop moves it
    private final PaddedCounter takenBytes = new PaddedCounter(); // only the loop adds to it

    Inbox(int itemsMax, long bytesMax) {
        if (Integer.bitCount(itemsMax) != 1) {
            throw new IllegalArgumentException("inbox items must be a power of two: " + itemsMax);
        }
        this.slots = new AtomicReferenceArray<>(itemsMax);
        this.slotBytes = new int[itemsMax];
        this.mask = itemsMax - 1;
        this.bytesMax = bytesMax;
    }

    /** Any thread. False if a bound is reached; work above the byte bound is let in when nothing else is held. */
    boolean offer(Work work, int bytes) {
        long held = offeredBytes.add(bytes) - takenBytes.get();
        if (held > bytesMax && held != bytes) {
            offeredBytes.add(-bytes);
            return false;
        }
        while (true) {
            long at = tail.get();
            if (at - head.get() > mask) {
                offeredBytes.add(-bytes);
                return false;
            }
            if (tail.compareAndSet(at, at + 1)) {
                int index = (int) at & mask;
                slotBytes[index] = bytes;
                slots.set(index, work);
                return true;
            }
        }
    }

    /** The oldest work, or null. Store loop only. */
    @Nullable
    Work poll() {
        long at = head.get();
        int index = (int) at & mask;
        if (slots.get(index) == null) {
            return null;
        }
        int bytes = slotBytes[index];
        Work work = slots.getAndSet(index, null);
        head.set(at + 1); // from here on producers may fill the slot again
        takenBytes.set(takenBytes.get() + bytes);
        return work;
    }

    /**
     * Any thread. Takes back and refuses what waits and is {@link Refusable}. Its place and its bytes stay counted until the loop
     * comes there. What is offered meanwhile may be left.
     */
    void refuseWaiting() {
        long end = tail.get();
        for (long at = head.get(); at < end; at++) {
            int index = (int) at & mask;
            if (slots.get(index) instanceof Refusable waiting
                    && waiting.refusable()
                    && slots.compareAndSet(index, waiting, TAKEN_BACK)) {
                waiting.refuse();
            }
        }
    }

    /** Whether nothing can be taken now. Exact on the loop. */
    boolean isEmpty() {
        return slots.get((int) head.get() & mask) == null;
    }

    /** Items waiting. Any thread, approximate. */
    int size() {
        return (int) Math.max(0, tail.get() - head.get());
    }

    /** Bytes waiting. Any thread, approximate. */
    long heldBytes() {
        long taken = takenBytes.get(); // first, so that it is not of later than what it is taken from
        return offeredBytes.get() - taken;
    }
}
