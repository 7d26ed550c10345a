package io.leafd.broker.interest;

import java.util.ArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Two subscriptions of one filter or more. Immutable, any thread.
 *
 * <p>The receivers are made when the first message asks for them, and kept: subjects that are used once, as those of
 * acknowledgements, then cost no sorting of subscriptions. Two threads may make them at a time; either result will do.
 */
final class ManyWishes extends Wishes {
    private static final long OWN_BYTES = HeapSize.object(16)
            + HeapSize.object(12) // receivers, and their arrays
            + 3 * HeapSize.references(0);
    /** In the set (one slot, and its share of inner nodes) and in the receivers, where a group's member is in two arrays while it is made. */
    private static final int MEMBER_BYTES = 32;

    private final SubscriptionSet all;
    private final Subscription first;
    private final int count;
    private @Nullable Receivers receivers;

    private ManyWishes(SubscriptionSet all, Subscription first, int count) {
        this.all = all;
        this.first = first;
        this.count = count;
    }

    static ManyWishes of(Subscription one, Subscription other) {
        return new ManyWishes(SubscriptionSet.EMPTY.with(one).with(other), one, 2);
    }

    @Override
    Subscription first() {
        return first;
    }

    @Override
    Receivers receivers() {
        Receivers made = receivers;
        if (made == null) {
            var members = new ArrayList<Subscription>(count);
            all.forEach(members::add);
            made = Receivers.of(members);
            receivers = made; // a record: its fields are final, so a race shows it whole
        }
        return made;
    }

    @Override
    Wishes with(Subscription subscription) {
        return new ManyWishes(all.with(subscription), first, count + 1);
    }

    @Override
    Wishes without(Subscription subscription) {
        SubscriptionSet rest = all.without(subscription);
        if (rest == all) {
            return this;
        }
        return count == 2 ? rest.any() : new ManyWishes(rest, first == subscription ? rest.any() : first, count - 1);
    }

    @Override
    void forEach(Consumer<Subscription> visitor) {
        all.forEach(visitor);
    }

    @Override
    long heapBytes() {
        return OWN_BYTES + (long) count * MEMBER_BYTES;
    }
}
