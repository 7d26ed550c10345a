package io.leafd.link;

import io.leafd.broker.account.Account;
import io.leafd.broker.interest.Receiver;
import io.leafd.broker.interest.Subscription;
import io.leafd.broker.net.SubscriptionMemory;
import io.leafd.protocol.Subject;
import io.leafd.protocol.Subjects;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a leaf's peer has told of its interest, as subscriptions of the account. Owned by the connection's event loop.
 *
 * <p>A key is the text of filter and queue. Told again, a plain one changes nothing, and a queue group has the new weight.
 *
 * <p>Bounds: {@value #FILTERS_MAX} filters, and the {@link SubscriptionMemory} of all subscriptions. A leaf that dialled us is refused what
 * goes beyond it, as a client is. What an upstream of ours wants is not refused: it would miss messages, and nobody there would know
 * why. Instead it is taken to want everything from then on, until the link ends: a single filter stands for all further ones, and the
 * export list and the upstream's permissions judge each message as before. That begins at half of the bound for the upstream alone, so
 * that there is room for local clients. It costs bytes on the link, and requests that nobody there answers are not known as such at
 * once. Queue groups and {@code $JS.} filters are kept even then: a group is named with each message, and mirrors look whether the
 * other end's API is there. An upstream has them in the numbers of its programs and consumers, so there is a reserve for them, beyond
 * which even these are refused.
 */
final class PeerInterest {
    static final int FILTERS_MAX = 500_000;

    private static final Subject EVERYTHING = Subject.of(">");

    private final Account account;
    private final Receiver receiver;
    private final SubscriptionMemory memory;
    private final boolean ours;
    private final long shareBytes;
    private final Map<Key, Subscription> subscriptions = new HashMap<>();
    private @Nullable Subscription cover; // stands for the filters that there was no room for
    private long keptBytes;
    private volatile int count;
    private volatile long hash;

    /** What came of an {@code LS+}. */
    enum Outcome {
        TAKEN,
        INVALID,
        TOO_MANY,
        NO_ROOM,
        COVERED
    }

    private record Key(Subject filter, @Nullable Subject queue) {}

    /**
     * What a peer wants of {@code account}: nothing yet.
     *
     * @param ours whether the peer is an upstream of ours
     */
    PeerInterest(Account account, Receiver receiver, SubscriptionMemory memory, boolean ours) {
        this.account = account;
        this.receiver = receiver;
        this.memory = memory;
        this.ours = ours;
        this.shareBytes = ours ? memory.maxBytes() / 2 : Long.MAX_VALUE;
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
        if (old == null && !(keptBytes < shareBytes && memory.letsIn(filter.length()))) {
            if (!ours) {
                return Outcome.NO_ROOM;
            }
            if (queue == null && !filter.startsWith("$JS.")) {
                return cover();
            }
            if (!memory.hasReserve()) {
                return Outcome.NO_ROOM;
            }
        }
        var subscription = new Subscription(receiver, filter, queue, new byte[0], weight);
        subscriptions.put(key, subscription);
        keptBytes += old == null ? subscription.ownBytes() : 0;
        account.subscribe(subscription);
        long difference = InterestMap.hash(filter, queue, weight);
        if (old != null) {
            account.unsubscribe(old);
            difference -= InterestMap.hash(filter, queue, old.weight());
        }
        publish(hash + difference);
        return Outcome.TAKEN;
    }

    private Outcome cover() {
        if (cover != null) {
            return Outcome.TAKEN;
        }
        var everything = new Subscription(receiver, EVERYTHING, null);
        cover = everything;
        account.subscribe(everything);
        return Outcome.COVERED;
    }

    /** {@code LS-}; an unknown key changes nothing. */
    void remove(Subject filter, @Nullable Subject queue) {
        Subscription old = subscriptions.remove(new Key(filter, queue));
        if (old != null) {
            account.unsubscribe(old);
            keptBytes -= old.ownBytes();
            publish(hash - InterestMap.hash(filter, queue, old.weight()));
        }
    }

    /** The connection has ended: nothing is wanted any more. */
    void clear() {
        subscriptions.values().forEach(account::unsubscribe);
        subscriptions.clear();
        keptBytes = 0;
        Subscription everything = cover;
        if (everything != null) {
            account.unsubscribe(everything);
            cover = null;
        }
        publish(0);
    }

    private void publish(long newHash) {
        count = subscriptions.size();
        hash = newHash;
    }

    /** Number of filters that were told and are kept. Any thread. */
    int size() {
        return count;
    }

    /** As {@link InterestMap#hash}. Any thread. */
    long hash() {
        return hash;
    }
}
