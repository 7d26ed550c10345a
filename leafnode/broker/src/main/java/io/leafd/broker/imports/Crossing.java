package io.leafd.broker.imports;

import io.leafd.broker.account.Account;
import io.leafd.broker.interest.Delivery;
import io.leafd.broker.interest.InterestListener;
import io.leafd.broker.interest.Receiver;
import io.leafd.broker.interest.Subscription;
import io.leafd.broker.net.EventLoops;
import io.leafd.broker.net.Fanout;
import io.leafd.protocol.Message;
import io.leafd.protocol.MessageView;
import io.leafd.protocol.Subject;
import io.leafd.protocol.SubjectMapping;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One import: a leaf connection without a wire. Any thread.
 *
 * <p>It wants in the account where messages come from what somebody wants in the account where they go, under the other name: each
 * filter once, and each queue group. So nobody sends what nobody reads, over no link either; a service that nobody serves has
 * no receiver here, and who asks gets his 503 at once. As over a leaf, an account gets one copy of a message, however many there want
 * it, and of a queue group with members in both accounts those where the message was published are preferred.
 *
 * <p>Messages go across within the publisher's turn, so their order is kept, and who lags there holds up the publisher as one who lags
 * here.
 */
final class Crossing implements Receiver, InterestListener {
    private static final byte[] NO_SID = {};

    private final EventLoops loops;
    private final Account from;
    private final Account to;
    private final SubjectMapping names;
    private final SubjectMapping back;
    private final @Nullable Answers answers;
    private final Map<Wish, Integer> counts = new HashMap<>(); // guarded by this
    private final Map<Wish, Subscription> wanted = new HashMap<>(); // guarded by this
    private boolean closed; // guarded by this

    private record Wish(String filter, @Nullable Subject queue) {}

    /** @param answers those to the requests that cross; null for a stream */
    Crossing(EventLoops loops, AccountImport of, @Nullable Answers answers) {
        this.loops = loops;
        this.answers = answers;
        this.from = of.from();
        this.to = of.to();
        this.names = of.service() ? of.names().reversed() : of.names();
        this.back = names.reversed();
    }

    void open() {
        if (answers != null) {
            answers.open();
        }
        to.listen(this);
    }

    void close() {
        to.unlisten(this);
        synchronized (this) {
            closed = true;
            wanted.values().forEach(from::unsubscribe);
        }
        if (answers != null) {
            answers.close();
        }
    }

    @Override
    public void onInterest(Subscription subscription, boolean added) {
        String filter = back.narrow(subscription.filter().toString());
        if (filter != null) {
            count(new Wish(filter, subscription.queue()), added ? 1 : -1);
        }
    }

    /** Changes may be told in any order, so the sum counts. */
    private synchronized void count(Wish wish, int change) {
        if (closed) {
            return;
        }
        Integer count = counts.merge(wish, change, (before, by) -> before + by == 0 ? null : before + by);
        if (count != null && count > 0) {
            if (!wanted.containsKey(wish)) {
                var subscription = new Subscription(this, Subject.of(wish.filter), wish.queue, NO_SID, 1);
                wanted.put(wish, subscription);
                from.subscribe(subscription);
            }
        } else {
            Subscription gone = wanted.remove(wish);
            if (gone != null) {
                from.unsubscribe(gone);
            }
        }
    }

    @Override
    public Kind kind() {
        return Kind.LEAF;
    }

    @Override
    public boolean deliver(Subscription subscription, Delivery delivery) {
        MessageView message = delivery.message();
        MessageView there = message;
        if (answers != null && message.hasReply()) {
            there = new MessageView();
            there.set(answers.request(renamed(message)), route(message));
        } else if (!names.changesNothing()) {
            there = new MessageView();
            there.set(renamed(message), route(message));
        }
        return Fanout.deliverAcross(loops.turn(delivery.loop()), to, there, delivery, delivery.queues()) > 0;
    }

    /** The message under its other name. Where it is routed by another subject than it shows, it shows what it did. */
    private Message renamed(MessageView message) {
        Message same = message.toMessage();
        return message.route == null ? same.withSubject(named(same.subject())) : same;
    }

    private @Nullable Subject route(MessageView message) {
        return message.route == null ? null : named(message.route);
    }

    private Subject named(Subject subject) {
        Subject name = names.map(subject.bytes(), 0, subject.length());
        return name == null
                ? subject
                : name; // never null: all filters that are wanted here are narrower than the import
    }
}
