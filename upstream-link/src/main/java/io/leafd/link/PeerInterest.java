package io.leafd.link;

import io.leafd.broker.account.Account;
import io.leafd.broker.interest.Receiver;
import io.leafd.broker.interest.Subscription;
import io.leafd.protocol.Subject;
import io.leafd.protocol.Subjects;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a leaf's peer has told of its interest, as subscriptions of the account. Owned by the connection's event loop.
 *
 * <p>A key is the text of filter and queue. Told again, a plain one changes nothing, and a queue group has the new weight.
 * Bound: {@value #FILTERS_MAX} filters.
 */
final class PeerInterest {
    static final int FILTERS_MAX = 500_000;

    private final Account account;
    private final Receiver receiver;
    private final Map<Key, Subscription> subscriptions = new HashMap<>();
    private volatile int count;
    private volatile long hash;

    /** What came of an {@code LS+}. */
    enum Outcome {
        TAKEN,
        INVALID,
        TOO_MANY
    }

    private record Key(Subject filter, @Nullable Subject queue) {}

    PeerInterest(Account account, Receiver receiver) {
        this.account = account;
        this.receiver = receiver;
    }

    /** {@code LS+}. */
    Outcome add(Subject filter, @Nullable Subject queue, int weight) {
        if (!Subjects.isValidFilter(filter.bytes(), 0, filter.length())) {
            return Outcome.INVALID;
        }
        var key = new Key(filter, queue);
        Subscription old = subscriptions.get(key);
        if (old != null && old.weight() == weight) {
            return Outcome.TAKEN;
        }
        if (old == null && subscriptions.size() >= FILTERS_MAX) {
            return Outcome.TOO_MANY;
        }
        var subscription = new Subscription(receiver, filter, queue, new byte[0], weight);
        subscriptions.put(key, subscription);
        account.subscribe(subscription);
        long difference = InterestMap.hash(filter, queue, weight);
        if (old != null) {
            account.unsubscribe(old);
            difference -= InterestMap.hash(filter, queue, old.weight());
        }
        publish(hash + difference);
        return Outcome.TAKEN;
    }

    /** {@code LS-}; an unknown key changes nothing. */
    void remove(Subject filter, @Nullable Subject queue) {
        Subscription old = subscriptions.remove(new Key(filter, queue));
        if (old != null) {
            account.unsubscribe(old);
            publish(hash - InterestMap.hash(filter, queue, old.weight()));
        }
    }

    /** The connection has ended: nothing is wanted any more. */
    void clear() {
        subscriptions.values().forEach(account::unsubscribe);
        subscriptions.clear();
        publish(0);
    }

    private void publish(long newHash) {
        count = subscriptions.size();
        hash = newHash;
    }

    /** Number of filters. Any thread. */
    int size() {
        return count;
    }

    /** As {@link InterestMap#hash}. Any thread. */
    long hash() {
        return hash;
    }
}
