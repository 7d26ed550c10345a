package io.leafd.broker.interest;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The way from the root of a {@link Sublist} to the place of a filter: the forks on it, and what stands where the last one leads. Used by
 * one thread, for one change.
 *
 * <p>It is walked in a loop and not by recursion, as a filter may have two thousand tokens and a thread of leafd has a small stack.
 */
final class TriePath {
    private final Subscription subscription;
    private final byte[] line;
    private Fork[] forks = new Fork[8];
    private int[] at =
            new int[8]; // where in the line the filter goes on behind each fork; beyond its end if it ends there
    private int depth; // index of the last fork
    private @Nullable Object last; // what it leads to: wishes, of this filter or of another one, or null

    private TriePath(Subscription subscription) {
        this.subscription = subscription;
        this.line = subscription.line();
    }

    static TriePath to(Fork root, Subscription subscription) {
        var path = new TriePath(subscription);
        path.walk(root);
        return path;
    }

    private void walk(Fork root) {
        forks[0] = root;
        at[0] = Subscription.FILTER_AT;
        last = next();
        while (last instanceof Fork fork) {
            push(fork);
            last = next();
        }
    }

    private void push(Fork fork) {
        int behind = subscription.tokenEnd(at[depth]) + 1;
        depth++;
        if (depth == forks.length) {
            forks = Arrays.copyOf(forks, 2 * depth);
            at = Arrays.copyOf(at, 2 * depth);
        }
        forks[depth] = fork;
        at[depth] = behind;
    }

    /** What the last fork has where the filter goes on. */
    private @Nullable Object next() {
        Fork fork = forks[depth];
        int from = at[depth];
        if (from > subscription.filterEnd()) {
            return fork.here();
        }
        if (subscription.isRest(from)) {
            return fork.rest();
        }
        return subscription.isAny(from)
                ? fork.any()
                : fork.children().get(line, from, subscription.tokenEnd(from), from);
    }

    /** The last fork, but with something else where the filter goes on. */
    private Fork replaced(Fork fork, int from, @Nullable Object place) {
        if (from > subscription.filterEnd()) {
            return fork.withHere((Wishes) place);
        }
        if (subscription.isRest(from)) {
            return fork.withRest((Wishes) place);
        }
        return subscription.isAny(from)
                ? fork.withAny(place)
                : fork.withChildren(fork.children().with(line, from, subscription.tokenEnd(from), place));
    }

    /** The root with the subscription in the place that this leads to. */
    Fork with(Subscription added) {
        while (last instanceof Wishes other && !other.first().sameFilter(added)) {
            int from = at[depth];
            push(bare(from).with(other, subscription.tokenEnd(from) + 1));
            last = next();
        }
        return rebuilt(last == null ? added : ((Wishes) last).with(added));
    }

    /** The root without the subscription; the same root if it is not there. */
    Fork without(Subscription gone) {
        if (!(last instanceof Wishes wishes)) {
            return forks[0];
        }
        Wishes left = wishes.without(gone);
        return left == wishes ? forks[0] : rebuilt(left);
    }

    private Fork rebuilt(@Nullable Object place) {
        Object below = place;
        for (int i = depth; i > 0; i--) {
            below = replaced(forks[i], at[i], below).reduced();
        }
        return replaced(forks[0], at[0], below);
    }

    /** A fork for the token that begins at {@code from}. */
    private Fork bare(int from) {
        return Fork.bare(Arrays.copyOfRange(line, from, subscription.tokenEnd(from)));
    }

    /** What the forks on the way take, with their branches, and what holds the wishes of this filter together. */
    long heapBytes() {
        long bytes = 0;
        for (int i = 0; i <= depth; i++) {
            bytes += forks[i].heapBytes();
            int from = at[i];
            TokenMap children = forks[i].children();
            if (from <= subscription.filterEnd() && !subscription.isRest(from) && !subscription.isAny(from)) {
                bytes += children.pathBytes(line, from, subscription.tokenEnd(from));
            } else if (children.only() != null) { // it comes and goes with the fork; others stay as they are
                bytes += children.heapBytes();
            }
        }
        return last instanceof Wishes wishes && wishes.first().sameFilter(subscription)
                ? bytes + wishes.heapBytes()
                : bytes;
    }
}
