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
import java.util.concurrent.ConcurrentHashMap;
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
    /** What is wanted there, by what it is here. An entry is replaced at once, with what it subscribes here. */
    private final ConcurrentHashMap<Wish, Wanted> wanted = new ConcurrentHashMap<>();

    private volatile boolean closed;

    private record Wish(String filter, @Nullable Subject queue) {}

    /**
     * A wish while somebody has it.
     *
     * @param count how many; changes may be told in any order, so for a moment it may be below 1
     * @param subscription here, null if the count is not above 0
     */
    private record Wanted(int count, @Nullable Subscription subscription) {
        static final Wanted NOT_YET = new Wanted(0, null);
    }

    /** @param answers those to the requests that cross; null for a stream */
    Crossing(EventLoops loops, AccountImport of, @Nullable Answers answers) {
        this.loops = loops;
        this.answers = answers;
        this.from = of.from();
        this.to = of.to();
        this.names = of.names();
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
        closed = true;
        wanted.keySet().forEach(this::release);
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

    private void count(Wish wish, int change) {
        if (closed) {
            return;
        }
        wanted.compute(wish, (same, before) -> counted(wish, before == null ? Wanted.NOT_YET : before, change));
        if (closed) { // meanwhile
            release(wish);
        }
    }

    private @Nullable Wanted counted(Wish wish, Wanted before, int change) {
        int count = before.count + change;
        Subscription subscription = before.subscription;
        if (count > 0 && subscription == null) {
            subscription = new Subscription(this, Subject.of(wish.filter), wish.queue, NO_SID, 1);
            from.subscribe(subscription);
        } else if (count <= 0 && subscription != null) {
            from.unsubscribe(subscription);
            subscription = null;
        }
        return count == 0 ? null : new Wanted(count, subscription);
    }

    private void release(Wish wish) {
        Wanted gone = wanted.remove(wish);
        if (gone != null && gone.subscription != null) {
            from.unsubscribe(gone.subscription);
        }
    }

    @Override
    public Kind kind() {
        return Kind.LEAF;
    }

    @Override
    public boolean deliver(Subscription subscription, Delivery delivery) {
        MessageView message = delivery.message();
        Subject reply = answers == null ? null : message.reply();
        MessageView there = message;
        if (answers != null && reply != null) {
            Message request = answers.request(message.toMessage(), reply);
            if (request == null) {
                return false;
            }
            there = renamed(request, message.route);
        } else if (!names.changesNothing()) {
            there = renamed(message.toMessage(), message.route);
        }
        return Fanout.deliverAcross(loops.turn(delivery.loop()), to, there, delivery, delivery.queues()) > 0;
    }

    private MessageView renamed(Message message, @Nullable Subject route) {
        Subject here = route == null ? message.subject() : route;
        Subject there = names.map(here.bytes(), 0, here.length());
        return under(
                there == null ? here : there, message, route); // never null: what is wanted here is within the import
    }

    /** A message that goes to {@code name} instead. Where it is routed by another subject than it shows, it shows what it did. */
    static MessageView under(Subject name, Message message, @Nullable Subject route) {
        var view = new MessageView();
        view.set(route == null ? message.withSubject(name) : message, route == null ? null : name);
        return view;
    }
}
