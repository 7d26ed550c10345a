package io.leafd.broker.account;

import io.leafd.broker.interest.InterestListener;
import io.leafd.broker.interest.Sublist;
import io.leafd.broker.interest.Subscription;
import io.leafd.protocol.Subject;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * An isolated subject space: its interest and its counters. Any thread.
 *
 * <p>Interest and its listeners are one immutable value changed by compare-and-set, so that a listener that joins sees
 * every subscription exactly once: either in what it is told on joining, or as a change.
 */
public final class Account {
    private record Interest(Sublist sublist, InterestListener[] listeners) {}

    private final String name;
    private final boolean jetStream;
    private final AtomicReference<Interest> interest =
            new AtomicReference<>(new Interest(Sublist.EMPTY, new InterestListener[0]));
    private final AtomicInteger connections = new AtomicInteger();

    /** An account without subscriptions. */
    public Account(String name, boolean jetStream) {
        this.name = name;
        this.jetStream = jetStream;
    }

    public String name() {
        return name;
    }

    /** Whether the account may have streams. */
    public boolean jetStream() {
        return jetStream;
    }

    /** Clients connected to it now. */
    public AtomicInteger connections() {
        return connections;
    }

    /** The current subscriptions, a snapshot. */
    public Sublist sublist() {
        return interest.get().sublist;
    }

    /** Whether anybody, here or behind a leaf, wants this subject. */
    public boolean hasInterest(Subject subject) {
        return sublist().matches(subject);
    }

    /** Adds a subscription; when this returns every later publish sees it. */
    public void subscribe(Subscription subscription) {
        Interest now = interest.updateAndGet(i -> new Interest(i.sublist.with(subscription), i.listeners));
        for (InterestListener listener : now.listeners) {
            listener.onInterest(subscription, true);
        }
    }

    /** Removes a subscription; harmless if it is gone already. */
    public void unsubscribe(Subscription subscription) {
        Interest before;
        Sublist without;
        do {
            before = interest.get();
            without = before.sublist.without(subscription);
            if (without == before.sublist) {
                return;
            }
        } while (!interest.compareAndSet(before, new Interest(without, before.listeners)));
        for (InterestListener listener : before.listeners) {
            listener.onInterest(subscription, false);
        }
    }

    /** Tells {@code listener} of all present subscriptions, then of every change. */
    public void listen(InterestListener listener) {
        Interest before = interest.getAndUpdate(i -> {
            InterestListener[] more = Arrays.copyOf(i.listeners, i.listeners.length + 1);
            more[i.listeners.length] = listener;
            return new Interest(i.sublist, more);
        });
        before.sublist.forEach(subscription -> listener.onInterest(subscription, true));
    }

    /** Ends {@link #listen}. */
    public void unlisten(InterestListener listener) {
        interest.updateAndGet(i -> new Interest(
                i.sublist, Arrays.stream(i.listeners).filter(l -> l != listener).toArray(InterestListener[]::new)));
    }

    @Override
    public String toString() {
        return "Account[" + name + "]";
    }
}
