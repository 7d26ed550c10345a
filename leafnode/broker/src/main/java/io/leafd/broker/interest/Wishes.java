package io.leafd.broker.interest;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The subscriptions of one place in a {@link Sublist}, and who receives a message that only they match. Immutable, any thread.
 *
 * <p>The receivers are made when the first message asks for them, and kept: subjects that are used once, as those of
 * acknowledgements, then cost no sorting of subscriptions. Two threads may make them at a time; either result will do.
 */
final class Wishes {
    static final Wishes NONE = new Wishes(Receivers.NO_SUBSCRIPTIONS);

    /** Nobody writes to it. */
    final Subscription[] all;

    private @Nullable Receivers receivers;

    private Wishes(Subscription[] all) {
        this.all = all;
    }

    boolean isEmpty() {
        return all.length == 0;
    }

    /** Who receives a message that these subscriptions match, and no others. */
    Receivers receivers() {
        Receivers made = receivers;
        if (made == null) {
            made = Receivers.of(List.of(all));
            receivers = made; // a record: its fields are final, so a race shows it whole
        }
        return made;
    }

    /** These with one more or without one; these themselves if it is not among them. */
    Wishes changed(Subscription subscription, boolean add) {
        if (add) {
            Subscription[] more = Arrays.copyOf(all, all.length + 1);
            more[all.length] = subscription;
            return new Wishes(more);
        }
        for (int i = 0; i < all.length; i++) {
            if (all[i] == subscription) {
                var fewer = new Subscription[all.length - 1];
                System.arraycopy(all, 0, fewer, 0, i);
                System.arraycopy(all, i + 1, fewer, i, fewer.length - i);
                return new Wishes(fewer);
            }
        }
        return this;
    }
}
