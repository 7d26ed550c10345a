package io.leafd.broker.net;

import io.leafd.broker.interest.Subscription;
import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One client's subscriptions by sid. Owned by the client's event loop.
 *
 * <p>An open table whose keys are the sids in the subscriptions themselves: 16 bytes for each at most, where a map with keys of its own
 * takes a hundred. It shrinks as it empties, as nobody counts what a table once held.
 *
 * <p>A sid is looked for from the slot of its hash on, up to the first empty slot. So who is removed leaves no gap: those behind it
 * that would not be found any more move up.
 */
final class SidTable {
    private static final Subscription[] NONE = new Subscription[0];
    private static final int SLOTS_MIN = 8;
    private static final int LARGE_SLOTS = 4096;

    private final int seed = ThreadLocalRandom.current().nextInt(); // nobody can choose sids that meet
    private @Nullable Subscription[] slots = NONE; // a power of two; from a fourth to three fourths used
    private int size;
    private int nextTaken; // slot

    int size() {
        return size;
    }

    /** Whether it has, or had in the end, so many that others should let go of them. */
    boolean isLarge() {
        return slots.length >= LARGE_SLOTS;
    }

    /** The subscription with this sid, or null. */
    @Nullable
    Subscription get(byte[] sid) {
        return size == 0 ? null : slots[slotOf(sid, 0, sid.length)];
    }

    /** Adds one whose sid is not there yet. */
    void add(Subscription added) {
        if (4 * (size + 1) > 3 * slots.length) {
            resize(Math.max(SLOTS_MIN, 2 * slots.length));
        }
        slots[slotOf(added)] = added;
        size++;
    }

    /** Removes it; false if it is not there. */
    boolean remove(Subscription gone) {
        if (size == 0) {
            return false;
        }
        int slot = slotOf(gone);
        if (slots[slot] != gone) {
            return false;
        }
        slots[slot] = null;
        size--;
        closeGap(slot);
        if (4 * size < slots.length && slots.length > SLOTS_MIN) {
            resize(slots.length / 2);
        }
        return true;
    }

    /** Gives some of those left to {@code taker}, at most {@code count}. For a table that is given up: it is good for nothing else then. */
    void takeSome(int count, Consumer<Subscription> taker) {
        for (int left = Math.min(count, size); left > 0; nextTaken++) {
            Subscription taken = slots[nextTaken];
            if (taken != null) {
                slots[nextTaken] = null;
                size--;
                left--;
                taker.accept(taken);
            }
        }
    }

    private void closeGap(int hole) {
        int mask = slots.length - 1;
        int gap = hole;
        int slot = gap;
        while (true) {
            slot = (slot + 1) & mask;
            Subscription next = slots[slot];
            if (next == null) {
                return;
            }
            int home = home(next.line(), next.sidOffset(), next.sidLength());
            if (((slot - home) & mask) >= ((slot - gap) & mask)) {
                slots[gap] = next;
                slots[slot] = null;
                gap = slot;
            }
        }
    }

    private void resize(int length) {
        @Nullable Subscription[] old = slots;
        slots = new Subscription[length];
        for (Subscription subscription : old) {
            if (subscription != null) {
                slots[slotOf(subscription)] = subscription;
            }
        }
    }

    private int slotOf(Subscription subscription) {
        return slotOf(subscription.line(), subscription.sidOffset(), subscription.sidLength());
    }

    /** The slot with this sid, or the empty one where it would be. */
    private int slotOf(byte[] buf, int from, int length) {
        int slot = home(buf, from, length);
        for (Subscription at = slots[slot]; at != null; at = slots[slot]) {
            int start = at.sidOffset();
            if (Arrays.equals(at.line(), start, start + at.sidLength(), buf, from, from + length)) {
                return slot;
            }
            slot = (slot + 1) & (slots.length - 1);
        }
        return slot;
    }

    /** Sids are nearly always numbers that count up: a hash that mixes well. */
    private int home(byte[] buf, int from, int length) {
        int h = seed;
        for (int i = from; i < from + length; i++) {
            h = (h ^ buf[i]) * 0x01000193;
        }
        return (h ^ h >>> 15) * 0x9E3779B9 >>> 1 & (slots.length - 1);
    }
}
