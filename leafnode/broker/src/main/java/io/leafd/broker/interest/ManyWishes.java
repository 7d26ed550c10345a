package io.leafd.broker.interest;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Two subscriptions of one filter or more. Immutable, any thread.
 *
 * <p>Up to {@value #FEW} they are an array, in the order in which they came; above that a {@link SubscriptionSet}, which is changed without
 * copying all of it.
 *
 * <p>The receivers are made when the first message asks for them, and kept: subjects that are used once, as those of
 * acknowledgements, then cost no sorting of subscriptions. Two threads may make them at a time; either result will do.
 */
final class ManyWishes extends Wishes {
    private static final int FEW = 32;
    private static final Subscription[] NONE = new Subscription[0];
    private static final long OWN_BYTES = HeapSize.object(12)
            + HeapSize.object(12) // receivers, and their arrays
            + 3 * HeapSize.references(0);
    /** In the set (one slot, and its share of inner nodes) and in the receivers, where a group's member is in two arrays while it is made. */
    private static final int MEMBER_BYTES = 32;

    private final Subscription[] few;
    private final @Nullable SubscriptionSet many; // null for few
    private final int count;
    private @Nullable Receivers receivers;

    private ManyWishes(Subscription[] few) {
        this.few = few;
        this.many = null;
        this.count = few.length;
    }

    private ManyWishes(SubscriptionSet many, int count) {
        this.few = NONE;
        this.many = many;
        this.count = count;
    }

    static ManyWishes of(Subscription one, Subscription other) {
        return new ManyWishes(new Subscription[] {one, other});
    }

    @Override
    Subscription first() {
        return many == null ? few[0] : many.any();
    }

    @Override
    Receivers receivers() {
        Receivers made = receivers;
        if (made == null) {
            List<Subscription> members = new ArrayList<>(count);
            forEach(members::add);
            made = Receivers.of(members);
            receivers = made; // a record: its fields are final, so a race shows it whole
        }
        return made;
    }

    @Override
    Wishes with(Subscription subscription) {
        if (many == null && count < FEW) {
            return new ManyWishes(Slots.inserted(few, count, subscription));
        }
        SubscriptionSet all = many;
        if (all == null) {
            all = SubscriptionSet.EMPTY;
            for (Subscription one : few) {
                all = all.with(one);
            }
        }
        return new ManyWishes(all.with(subscription), count + 1);
    }

    @Override
    Wishes without(Subscription subscription) {
        if (many == null) {
            int at = Arrays.asList(few).indexOf(subscription); // equal are only the same
            return at < 0 ? this : count == 2 ? few[1 - at] : new ManyWishes(Slots.removed(few, at));
        }
        SubscriptionSet rest = many.without(subscription);
        if (rest == many) {
            return this;
        }
        if (count > FEW / 2) { // so that one who comes and goes does not make the set anew each time
            return new ManyWishes(rest, count - 1);
        }
        List<Subscription> left = new ArrayList<>(count);
        rest.forEach(left::add);
        return new ManyWishes(left.toArray(NONE));
    }

    @Override
    void forEach(Consumer<Subscription> visitor) {
        if (many != null) {
            many.forEach(visitor);
        } else {
            for (Subscription one : few) {
                visitor.accept(one);
            }
        }
    }

    @Override
    long heapBytes() {
        return OWN_BYTES + (long) count * MEMBER_BYTES;
    }
}
