package io.leafd.broker.interest;

import io.leafd.protocol.Subject;
import io.leafd.protocol.Subjects;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The subscriptions of one account as an immutable trie of subject tokens. Any thread.
 *
 * <pre>
 *   root ─ "plant" ─ "press" ─ [wishes of plant.press]
 *      │       │         └ &gt; ─ [wishes of plant.press.&gt;]
 *      │       └ * ─ [wishes of plant.*.temp]
 *      └ [wishes of lab.oven.7.temp]
 * </pre>
 *
 * A change makes a new trie that shares all but one path ({@link TokenMap} keeps wide nodes cheap) and is published by
 * compare-and-set on the account. So readers never lock, a snapshot is its own generation (a cached {@link Receivers} is
 * good for as long as the account still has the trie it was matched in), and a SUB is seen by the PUB behind it on the
 * same connection, because the event loop that reads the SUB publishes the trie itself.
 *
 * <p>There may be a hundred thousand filters in a small heap, and most of them share few tokens with others. So there is a
 * {@link Fork} only where filters part; behind the last one that concerns a filter its {@link Wishes} stand, and the tokens that are left
 * are compared with the filter itself. A trie knows what it takes on the heap, with all that belongs to its subscriptions.
 *
 * <p>Invariants: (1) a fork other than the root leads to two filters or more; (2) a subscription is in exactly one place, the one its
 * filter's tokens lead to; (3) published subjects are matched literally: their wildcard characters are text; (4) the form, and so
 * {@link #heapBytes}, depends only on which subscriptions are in it, not on what came and went before.
 *
 * <p>Rejected: one mutable trie with a single writing thread (a SUB would have to wait for that thread before its
 * connection may read on) and a lock (readers would need it too); a node for each token of each filter, which took 400 bytes for a
 * subscription where this takes 130; a counter of bytes beside the trie, which every way to end a subscription would have to remember.
 */
public final class Sublist {
    /** No subscriptions. */
    public static final Sublist EMPTY = new Sublist(Fork.ROOT, 0, 0);

    private final Fork root;
    private final int size;
    private final long heapBytes;

    private Sublist(Fork root, int size, long heapBytes) {
        this.root = root;
        this.size = size;
        this.heapBytes = heapBytes;
    }

    /** The top of the trie, for who walks over all of it. */
    Fork root() {
        return root;
    }

    /** Number of subscriptions. */
    public int size() {
        return size;
    }

    /** What the subscriptions take on the heap: the trie, they themselves, and what their receivers keep of them. */
    public long heapBytes() {
        return heapBytes;
    }

    /** The trie with one more subscription. */
    public Sublist with(Subscription subscription) {
        Fork changed = TriePath.to(root, subscription).with(subscription);
        return new Sublist(changed, size + 1, heapBytes + subscription.ownBytes() + difference(changed, subscription));
    }

    /** The trie without this subscription; the same trie if it is not in it. */
    public Sublist without(Subscription subscription) {
        Fork changed = TriePath.to(root, subscription).without(subscription);
        if (changed == root) {
            return this;
        }
        return new Sublist(changed, size - 1, heapBytes - subscription.ownBytes() + difference(changed, subscription));
    }

    /** All that differs lies on the way to the filter. */
    private long difference(Fork changed, Subscription subscription) {
        return TriePath.to(changed, subscription).heapBytes()
                - TriePath.to(root, subscription).heapBytes();
    }

    /** Who receives a published subject; {@link Receivers#NONE} if it has an empty token. */
    public Receivers match(byte[] buf, int offset, int length) {
        if (size == 0 || Subjects.hasEmptyToken(buf, offset, length)) {
            return Receivers.NONE;
        }
        var found = new Found(buf, offset + length);
        found.below(root, Subscription.FILTER_AT, offset);
        return found.receivers();
    }

    /** Whether anybody receives a published subject. */
    public boolean matches(Subject subject) {
        byte[] bytes = subject.bytes();
        if (size == 0 || Subjects.hasEmptyToken(bytes, 0, bytes.length)) {
            return false;
        }
        var found = new Found(bytes, bytes.length);
        found.below(root, Subscription.FILTER_AT, 0);
        return found.first != null;
    }

    /** {@link #match(byte[], int, int)} of a subject. */
    public Receivers match(Subject subject) {
        return match(subject.bytes(), 0, subject.length());
    }

    /** Visits every subscription, in no order. */
    public void forEach(Consumer<Subscription> visitor) {
        root.forEach(visitor);
    }

    /** A fork that a match has still to look at: filters go on {@code at} in their lines, the subject goes on {@code from}. */
    private record Ahead(
            Fork fork, int at, int from, @Nullable Ahead next) {}

    /**
     * What one match has found so far: nearly always the wishes of one place, whose receivers are known already. It goes down in a loop and
     * not by recursion, as {@link TriePath} does.
     */
    private static final class Found {
        private final byte[] buf;
        private final int end;
        private @Nullable Ahead ahead;
        private @Nullable Wishes first;
        private @Nullable List<Subscription> all; // from the second place on

        Found(byte[] buf, int end) {
            this.buf = buf;
            this.end = end;
        }

        /** Finds the wishes below a fork. */
        void below(Fork top, int topAt, int topFrom) {
            Fork fork = top;
            int at = topAt;
            int from = topFrom;
            while (true) {
                add(fork.rest());
                int tokenEnd = Subjects.tokenEnd(buf, from, end);
                Fork any = entered(fork.any(), at + 1, tokenEnd);
                int childAt = at + tokenEnd - from;
                Fork child = entered(fork.children().get(buf, from, tokenEnd, at), childAt, tokenEnd);
                if (child != null && any != null) {
                    ahead = new Ahead(any, at + 2, tokenEnd + 1, ahead);
                }
                if (child != null) {
                    fork = child;
                    at = childAt + 1;
                    from = tokenEnd + 1;
                } else if (any != null) {
                    fork = any;
                    at += 2;
                    from = tokenEnd + 1;
                } else if (ahead != null) {
                    fork = ahead.fork;
                    at = ahead.at;
                    from = ahead.from;
                    ahead = ahead.next;
                } else {
                    return;
                }
            }
        }

        /**
         * Takes what a place has for the subject if it ends there. The place's token ends at {@code at} in the lines, and at {@code
         * tokenEnd} in the subject.
         *
         * @return the place if the match goes on in it
         */
        private @Nullable Fork entered(@Nullable Object place, int at, int tokenEnd) {
            if (place instanceof Wishes wishes) {
                if (wishes.first().goesOnWith(at, buf, tokenEnd, end)) {
                    add(wishes);
                }
                return null;
            }
            if (place instanceof Fork fork && tokenEnd == end) {
                add(fork.here());
                return null;
            }
            return (Fork) place;
        }

        private void add(@Nullable Wishes wishes) {
            if (wishes == null) {
                return;
            }
            if (first == null) {
                first = wishes;
                return;
            }
            List<Subscription> joined = all;
            if (joined == null) {
                joined = new ArrayList<>();
                first.forEach(joined::add);
                all = joined;
            }
            wishes.forEach(joined::add);
        }

        Receivers receivers() {
            if (first == null) {
                return Receivers.NONE;
            }
            return all == null ? first.receivers() : Receivers.of(all);
        }
    }
}
