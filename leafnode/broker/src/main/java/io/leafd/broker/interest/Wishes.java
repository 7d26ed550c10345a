package io.leafd.broker.interest;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The subscriptions of one filter, and who receives a message that only they match. Immutable, any thread.
 *
 * <p>Nearly always it is a single one. So a {@link Subscription} is its own wishes, and only the second makes an object more.
 */
abstract sealed class Wishes permits Subscription, ManyWishes {
    /** One of them; all have its filter. */
    abstract Subscription first();

    /** Who receives a message that these subscriptions match, and no others. */
    abstract Receivers receivers();

    /** These and one more. */
    abstract Wishes with(Subscription subscription);

    /** These without one: null if none is left, these themselves if it is not among them. */
    abstract @Nullable Wishes without(Subscription subscription);

    abstract void forEach(Consumer<Subscription> visitor);

    /** What holds them together, the subscriptions themselves apart. */
    abstract long heapBytes();

    /** Wishes with one more or without one; null stands for none. */
    static @Nullable Wishes changed(@Nullable Wishes wishes, Subscription subscription, boolean add) {
        if (wishes == null) {
            return add ? subscription : null;
        }
        return add ? wishes.with(subscription) : wishes.without(subscription);
    }
}
