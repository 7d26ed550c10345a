package io.leafd.broker.interest;

import java.util.function.Consumer;

/**
 * An immutable set of subscriptions: a hash array mapped trie as {@link TokenMap}, keyed by identity. Any thread.
 *
 * <p>With an array, the hundred thousandth subscriber of one subject would copy a hundred thousand references, and a connection that
 * ends with as many subscriptions would do it as often.
 *
 * <pre>
 *   slots, 5 hash bits per level, only the used ones present (bitmap):
 *     Subscription | SubscriptionSet (next level) | Subscription[] (32 equal bits of hash)
 * </pre>
 */
final class SubscriptionSet {
    static final SubscriptionSet EMPTY = new SubscriptionSet(0, new Object[0]);

    private static final int BITS = 5;
    private static final int LAST_SHIFT = 30;

    private final int bitmap;
    private final Object[] slots;

    private SubscriptionSet(int bitmap, Object[] slots) {
        this.bitmap = bitmap;
        this.slots = slots;
    }

    /** The set with one that is not in it yet. */
    SubscriptionSet with(Subscription subscription) {
        return with(subscription, subscription.spread(), 0);
    }

    /** The set without one; the same set if it is not in it. */
    SubscriptionSet without(Subscription subscription) {
        return without(subscription, subscription.spread(), 0);
    }

    /** One of a set that is not empty. */
    Subscription any() {
        Object slot = slots[0];
        while (slot instanceof SubscriptionSet set) {
            slot = set.slots[0];
        }
        return slot instanceof Subscription one ? one : ((Subscription[]) slot)[0];
    }

    void forEach(Consumer<Subscription> visitor) {
        for (Object slot : slots) {
            if (slot instanceof Subscription one) {
                visitor.accept(one);
            } else if (slot instanceof SubscriptionSet set) {
                set.forEach(visitor);
            } else {
                for (Subscription same : (Subscription[]) slot) {
                    visitor.accept(same);
                }
            }
        }
    }

    private SubscriptionSet with(Subscription added, int hash, int shift) {
        int bit = 1 << (hash >>> shift & 31);
        int at = Integer.bitCount(bitmap & bit - 1);
        if ((bitmap & bit) == 0) {
            return new SubscriptionSet(bitmap | bit, Slots.inserted(slots, at, added));
        }
        Object slot = slots[at];
        Object merged;
        if (slot instanceof SubscriptionSet set) {
            merged = set.with(added, hash, shift + BITS);
        } else if (slot instanceof Subscription one) {
            merged = shift >= LAST_SHIFT
                    ? new Subscription[] {one, added}
                    : EMPTY.with(one, one.spread(), shift + BITS).with(added, hash, shift + BITS);
        } else {
            merged = Slots.inserted((Subscription[]) slot, 0, added);
        }
        return new SubscriptionSet(bitmap, Slots.replaced(slots, at, merged));
    }

    private SubscriptionSet without(Subscription gone, int hash, int shift) {
        int bit = 1 << (hash >>> shift & 31);
        int at = Integer.bitCount(bitmap & bit - 1);
        if ((bitmap & bit) == 0) {
            return this;
        }
        Object slot = slots[at];
        if (slot == gone) {
            return new SubscriptionSet(bitmap & ~bit, Slots.removed(slots, at));
        }
        if (slot instanceof SubscriptionSet set) {
            SubscriptionSet rest = set.without(gone, hash, shift + BITS);
            return rest == set ? this : new SubscriptionSet(bitmap, Slots.replaced(slots, at, rest.lifted()));
        }
        if (slot instanceof Subscription[] same) {
            for (int i = 0; i < same.length; i++) {
                if (same[i] == gone) {
                    Subscription[] rest = Slots.removed(same, i);
                    return new SubscriptionSet(bitmap, Slots.replaced(slots, at, rest.length == 1 ? rest[0] : rest));
                }
            }
        }
        return this;
    }

    /** What takes this set's place one level up: its only subscription, or itself. */
    private Object lifted() {
        return slots.length == 1 && !(slots[0] instanceof SubscriptionSet) ? slots[0] : this;
    }
}
