package io.leafd.link;

import io.leafd.broker.interest.HeapSize;
import io.leafd.protocol.Subject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What a leaf connection tells its peer about local interest. Owned by the connection's event loop.
 *
 * <pre>
 *   local subscriptions            told to the peer
 *   cmd.&gt;        x 3  ──────────▶  LS+ cmd.&gt;
 *   &gt;            x 1  ──parts──▶  (cmd.&gt; again: counted, not told twice)
 *   jobs q1      x 2  ──────────▶  LS+ jobs q1 2
 * </pre>
 *
 * <p>A thousand local subscriptions to one subject are one line on the wire. A plain filter is told when its count rises
 * from 0 and withdrawn when it falls back to 0; for a queue group every change tells the new number of members, by which
 * the peer shares out.
 *
 * <p>Invariants: (1) {@code told} is what the peer believes, if it read everything; (2) a key with count 0 is in neither
 * map. Counts may be below 0 for a moment, because changes made by two threads are told in any order.
 */
final class InterestMap {
    private static final Subject EVERYTHING = Subject.of(">");
    private static final long ENTRY_BYTES =
            HeapSize.object(16) + 2 * HeapSize.REFERENCE_BYTES + HeapSize.object(12) + HeapSize.object(4);
    private static final long SUBJECT_BYTES = HeapSize.object(12) + HeapSize.object(16); // with its text

    private final Wire wire;
    private final Map<Wish, Integer> local = new HashMap<>();
    private final Map<Key, Integer> told = new HashMap<>();
    private long heapBytes;
    private LinkPermissions permissions;
    private int size;
    private long hash;

    /** Where changes go. */
    interface Wire {
        /** {@code LS+}. */
        void interest(Subject filter, @Nullable Subject queue, int weight);

        /** {@code LS-}. */
        void noInterest(Subject filter, @Nullable Subject queue);
    }

    /** What has a count. */
    private interface Counted {
        Subject filter();

        @Nullable
        Subject queue();
    }

    private record Key(Subject filter, @Nullable Subject queue) implements Counted {}

    /** Local interest; in answers it is told whatever the list says. */
    private record Wish(Subject filter, @Nullable Subject queue, boolean answers) implements Counted {}

    /** A map that has told nothing yet. */
    InterestMap(LinkPermissions permissions, Wire wire) {
        this.permissions = permissions;
        this.wire = wire;
    }

    /**
     * Local interest has changed.
     *
     * @param delta members more (or, below 0, fewer); for a plain subscription 1 or -1
     */
    void change(Subject filter, @Nullable Subject queue, int delta) {
        change(new Wish(filter, queue, false), delta);
    }

    /** As {@link #change(Subject, Subject, int)}, for a filter of answers, which the list need not name. */
    void changeAnswers(Subject filter, int delta) {
        change(new Wish(filter, null, true), delta);
    }

    private void change(Wish wish, int delta) {
        count(wish, delta);
        for (Subject part : parts(wish)) {
            tell(new Key(part, wish.queue), delta);
        }
    }

    /** Changes what may be told, and tells and withdraws what differs. */
    void permissions(LinkPermissions changed) {
        Map<Key, Integer> difference = new HashMap<>();
        local.forEach((wish, n) -> parts(wish).forEach(part -> count(difference, new Key(part, wish.queue), -n)));
        permissions = changed;
        local.forEach((wish, n) -> parts(wish).forEach(part -> count(difference, new Key(part, wish.queue), n)));
        difference.forEach(this::tell);
    }

    /**
     * Tells the peer of everything that may come in, once and for all, then forgets which plain filters are wanted of it and
     * withdraws them.
     *
     * @param kept what is told as before
     */
    void cover(Predicate<Subject> kept) {
        change(new Wish(EVERYTHING, null, false), 1);
        List<Wish> covered = local.keySet().stream()
                .filter(wish -> wish.queue == null && !wish.answers)
                .filter(wish -> !wish.filter.equals(EVERYTHING) && !kept.test(wish.filter))
                .toList();
        for (Wish wish : covered) {
            change(wish, -local.getOrDefault(wish, 0));
        }
    }

    /** Forgets everything, as nobody is told any more. */
    void forget() {
        local.clear();
        told.clear();
        heapBytes = 0;
    }

    /** What it takes on the heap. */
    long heapBytes() {
        return heapBytes;
    }

    /** Number of filters that the peer was told. */
    int size() {
        return size;
    }

    /** A number that two maps share exactly if they (as good as certainly) tell the same, whatever the order. */
    long hash() {
        return hash;
    }

    /** The part of {@link #hash} that one filter has. */
    static long hash(Subject filter, @Nullable Subject queue, int weight) {
        long h = 0xcbf29ce484222325L;
        for (byte b : filter.bytes()) {
            h = (h ^ b) * 0x100000001b3L;
        }
        if (queue != null) {
            h = (h ^ ' ') * 0x100000001b3L;
            for (byte b : queue.bytes()) {
                h = (h ^ b) * 0x100000001b3L;
            }
        }
        return (h ^ weight) * 0x9e3779b97f4a7c15L;
    }

    private List<Subject> parts(Wish wish) {
        if (wish.answers) {
            return permissions.advertisesAnswer(wish.filter.toString()) ? List.of(wish.filter) : List.of();
        }
        Subject queue = wish.queue;
        String filter = wish.filter.toString();
        return permissions.advertised(filter, queue == null ? null : queue.toString()).stream()
                .map(part -> part.equals(filter) ? wish.filter : Subject.of(part))
                .toList();
    }

    private void tell(Key key, int delta) {
        int before = told.getOrDefault(key, 0);
        int after = before + delta;
        count(key, delta);
        if (before > 0) {
            size--;
            hash -= hash(key.filter, key.queue, weight(key, before));
        }
        if (after > 0) {
            size++;
            hash += hash(key.filter, key.queue, weight(key, after));
        }
        if (after > 0 && (before <= 0 || (key.queue != null && delta != 0))) {
            wire.interest(key.filter, key.queue, weight(key, after));
        } else if (after <= 0 && before > 0) {
            wire.noInterest(key.filter, key.queue);
        }
    }

    private static int weight(Key key, int count) {
        return key.queue == null ? 1 : count;
    }

    private void count(Wish wish, int delta) {
        heapBytes += count(local, wish, delta) * bytesOf(wish);
    }

    private void count(Key key, int delta) {
        heapBytes += count(told, key, delta) * bytesOf(key);
    }

    /** Changes a count; returns how many keys the map has more, 1, 0 or -1. */
    private static <K> int count(Map<K, Integer> counts, K key, int delta) {
        int before = counts.size();
        int sum = counts.getOrDefault(key, 0) + delta;
        if (sum == 0) {
            counts.remove(key);
        } else {
            counts.put(key, sum);
        }
        return counts.size() - before;
    }

    /** A key with its entry, its count, and its filter as bytes and as text. */
    private static long bytesOf(Counted key) {
        Subject queue = key.queue();
        return ENTRY_BYTES + bytesOf(key.filter()) + (queue == null ? 0 : bytesOf(queue));
    }

    private static long bytesOf(Subject subject) {
        return SUBJECT_BYTES + 2 * HeapSize.bytes(subject.length());
    }
}
