package io.leafd.broker.interest;

import java.util.Arrays;

/** Changed copies of small arrays. Pure. */
final class Slots {
    private Slots() {}

    static <T> T[] inserted(T[] slots, int at, T added) {
        T[] more = Arrays.copyOf(slots, slots.length + 1);
        System.arraycopy(slots, at, more, at + 1, slots.length - at);
        more[at] = added;
        return more;
    }

    static <T> T[] replaced(T[] slots, int at, T other) {
        T[] copy = slots.clone();
        copy[at] = other;
        return copy;
    }

    static <T> T[] removed(T[] slots, int at) {
        T[] fewer = Arrays.copyOf(slots, slots.length - 1);
        System.arraycopy(slots, at + 1, fewer, at, fewer.length - at);
        return fewer;
    }
}
