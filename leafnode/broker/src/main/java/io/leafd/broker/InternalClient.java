package io.leafd.broker;

import io.leafd.broker.account.Account;
import io.leafd.broker.interest.Delivery;
import io.leafd.broker.interest.Publisher;
import io.leafd.broker.interest.Receiver;
import io.leafd.broker.interest.Subscription;
import io.leafd.broker.net.Fanout;
import io.leafd.broker.net.Turn;
import io.leafd.protocol.Message;
import io.leafd.protocol.MessageView;
import io.leafd.protocol.Subject;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A client without a socket: how streams, consumers and forwards publish and subscribe. Any thread.
 *
 * <p>Bound to one account and one event loop. Publishing queues; the loop takes the queue through the same fan-out as any
 * client's messages, so the order of one internal client is kept. Its subscriptions run their handler on the publisher's
 * loop.
 *
 * <p>Bound: {@link Backlog}. Publishing is never refused, so that an answer is not lost; whoever has more to send than answers
 * asks {@link #writable} first and goes on by {@link #onWritable}.
 */
public final class InternalClient implements Publisher, AutoCloseable {
    /** What a queued message holds on the heap beside its body. */
    public static final int MESSAGE_OVERHEAD_BYTES = 256;

    private static final int BATCH_MAX = 512;
    private static final int PAUSE_MAX_MS = 50;

    private final Account account;
    private final String name;
    private final Turn turn;
    private final ConcurrentLinkedQueue<Outgoing> queue = new ConcurrentLinkedQueue<>();
    private final Backlog backlog;
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private final AtomicReference<@Nullable Runnable> onWritable = new AtomicReference<>();
    private final Set<Subscription> subscriptions = ConcurrentHashMap.newKeySet();
    private final MessageView view = new MessageView(); // loop's
    private boolean paused; // loop's

    private record Outgoing(Message message, @Nullable Subject route) {
        int bytes() {
            return message.body().length + MESSAGE_OVERHEAD_BYTES;
        }
    }

    /**
     * A client of {@code account} on the loop of {@code turn}.
     *
     * @param sharedBacklogBytes where all internal clients of a broker count what they have queued
     */
    InternalClient(Account account, String name, Turn turn, AtomicLong sharedBacklogBytes) {
        this.backlog = new Backlog(sharedBacklogBytes);
        this.account = account;
        this.name = name;
        this.turn = turn;
    }

    public Account account() {
        return account;
    }

    /** Publishes under the message's own subject. If nobody takes a request, its reply subject gets a 503. */
    public void publish(Message message) {
        publish(message, null);
    }

    /**
     * Publishes to whoever is subscribed to {@code route}, while receivers see the message's own subject: how a consumer
     * delivers to its deliver subject or pull reply. A null route is the message's subject.
     */
    public void publish(Message message, @Nullable Subject route) {
        if (queue(message, route)) {
            wake();
        }
    }

    /**
     * {@link #publish} for who has more to publish before the event loop need begin.
     *
     * @return whether the caller must call {@link #wake}, soon: until then nothing of this client goes out
     */
    public boolean queue(Message message, @Nullable Subject route) {
        var outgoing = new Outgoing(message, route);
        backlog.add(outgoing.bytes());
        queue.add(outgoing);
        return scheduled.compareAndSet(false, true);
    }

    /** Has the event loop take what is queued, as {@link #queue} asked for. */
    public void wake() {
        turn.loop().execute(this::drain);
    }

    /** Whether more may be published than answers. */
    public boolean writable() {
        return backlog.hasRoom();
    }

    /** Counts bytes that will be published later as if they were queued. */
    public void hold(long bytes) {
        backlog.add(bytes);
    }

    /** Takes back what {@link #hold} has counted. */
    public void release(long bytes) {
        backlog.add(-bytes);
        if (onWritable.get() != null) {
            schedule();
        }
    }

    /** Runs {@code action} once, on the event loop, as soon as it is {@link #writable} with room to spare. */
    public void onWritable(Runnable action) {
        onWritable.set(action);
        if (backlog.hasRoomToSpare()) {
            turn.loop().execute(this::tellWritable);
        }
    }

    /** Subscribes; when this returns, every later publish is seen. */
    public Subscription subscribe(String filter, @Nullable String queueGroup, MessageHandler handler) {
        var subscription = new Subscription(
                new Handler(handler), Subject.of(filter), queueGroup == null ? null : Subject.of(queueGroup));
        subscriptions.add(subscription);
        account.subscribe(subscription);
        return subscription;
    }

    /** Ends a subscription; the handler may still see messages that are being delivered. */
    public void unsubscribe(Subscription subscription) {
        if (subscriptions.remove(subscription)) {
            account.unsubscribe(subscription);
        }
    }

    /** Ends all subscriptions; what is queued is still published. */
    @Override
    public void close() {
        subscriptions.forEach(this::unsubscribe);
    }

    @Override
    public void pause() {
        if (turn.loop().inEventLoop() && !paused) {
            paused = true;
            turn.loop().schedule(this::resume, PAUSE_MAX_MS, TimeUnit.MILLISECONDS);
        }
    }

    @Override
    public void resume() {
        if (!turn.loop().inEventLoop()) {
            turn.loop().execute(this::resume);
        } else if (paused) {
            paused = false;
            schedule();
        }
    }

    @Override
    public String toString() {
        return "InternalClient[" + name + " of " + account.name() + "]";
    }

    private record Handler(MessageHandler handler) implements Receiver {
        @Override
        public Kind kind() {
            return Kind.INTERNAL;
        }

        @Override
        public boolean deliver(Subscription subscription, Delivery delivery) {
            return handler.onMessage(delivery);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }

    private void schedule() {
        if (scheduled.compareAndSet(false, true)) {
            wake();
        }
    }

    private void drain() {
        scheduled.set(false);
        byte[] room = turn.scratch();
        for (int i = 0; i < BATCH_MAX && !paused; i++) {
            Outgoing outgoing = queue.poll();
            if (outgoing == null) {
                break;
            }
            backlog.add(-outgoing.bytes());
            view.set(outgoing.message, outgoing.route, room);
            int taken = Fanout.deliver(turn, account, view, this);
            if (taken == 0 && outgoing.route == null && outgoing.message.reply() != null) {
                Fanout.answerNoResponders(turn, account, view);
            }
            turn.endIfMuch();
        }
        turn.giveBack(room);
        turn.end();
        if (!queue.isEmpty() && !paused) {
            schedule();
        }
        if (backlog.hasRoomToSpare()) {
            tellWritable();
        }
    }

    private void tellWritable() {
        Runnable action = onWritable.getAndSet(null);
        if (action != null) {
            action.run();
        }
    }
}
