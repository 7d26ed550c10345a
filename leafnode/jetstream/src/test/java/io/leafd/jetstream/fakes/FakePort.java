package io.leafd.jetstream.fakes;

import io.leafd.broker.MessageHandler;
import io.leafd.broker.interest.Delivery;
import io.leafd.broker.interest.InterestListener;
import io.leafd.broker.interest.Publisher;
import io.leafd.broker.interest.Receiver;
import io.leafd.broker.interest.Subscription;
import io.leafd.jetstream.api.AccountPort;
import io.leafd.jetstream.api.Outlet;
import io.leafd.protocol.Message;
import io.leafd.protocol.MessageView;
import io.leafd.protocol.Subject;
import io.leafd.protocol.Subjects;
import io.leafd.store.loop.StoreLoop;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** An account without a broker: what JetStream publishes is kept, what a test sends goes to whoever subscribed. One thread. */
public final class FakePort implements AccountPort, Publisher {
    /** The event loop on which messages come in. */
    public static final int LOOP = 1;

    private final StoreLoop loop;
    private final Map<Object, Subscribed> handlers = new LinkedHashMap<>();
    private final Set<String> interest = new HashSet<>();
    private final List<Message> published = new ArrayList<>();
    private final List<InterestListener> listeners = new ArrayList<>();
    private boolean paused;
    private int answeredOn = -1;

    private record Leaf() implements Receiver {
        @Override
        public boolean deliver(Subscription subscription, Delivery delivery) {
            return true;
        }

        @Override
        public Kind kind() {
            return Kind.LEAF;
        }
    }

    private record Subscribed(String filter, MessageHandler handler) {}

    public FakePort(StoreLoop loop) {
        this.loop = loop;
    }

    /** Publishes to JetStream as a client would; false if nobody takes it (503). */
    public boolean send(Message message) {
        return send(message, null);
    }

    /** The same for a message that is routed by another subject than its own, as consumers deliver. */
    public boolean send(Message message, @Nullable Subject route) {
        var view = new MessageView();
        view.set(message, route);
        String to = (route == null ? message.subject() : route).toString();
        boolean taken = false;
        for (Subscribed subscribed : List.copyOf(handlers.values())) {
            if (Subjects.matches(subscribed.filter, to)) {
                taken |= subscribed.handler.onMessage(new Delivery(LOOP).start(view, this));
            }
        }
        return taken;
    }

    /** What was published since the last call, oldest first. */
    public List<Message> take() {
        var taken = List.copyOf(published);
        published.clear();
        return taken;
    }

    /** From now on somebody listens to this subject. */
    public void listenTo(String subject) {
        interest.add(subject);
    }

    /** Whether back-pressure holds the publisher now. */
    public boolean paused() {
        return paused;
    }

    /** The event loop from which the last answer went out. */
    public int answeredOn() {
        return answeredOn;
    }

    /** Filters that are subscribed now. */
    public List<String> filters() {
        return handlers.values().stream().map(Subscribed::filter).toList();
    }

    @Override
    public void publish(Message message) {
        loop.afterCommit(() -> publishNow(message));
    }

    @Override
    public void publishNow(Message message) {
        published.add(message);
    }

    @Override
    public void answer(Message message, int eventLoop) {
        answeredOn = eventLoop;
        publishNow(message);
    }

    @Override
    public boolean writable() {
        return true;
    }

    @Override
    public boolean hasInterest(Subject subject) {
        return interest.stream().anyMatch(filter -> Subjects.matches(filter, subject.toString()))
                || handlers.values().stream().anyMatch(one -> Subjects.matches(one.filter, subject.toString()));
    }

    @Override
    public Runnable subscribe(String filter, MessageHandler handler) {
        var key = new Object();
        handlers.put(key, new Subscribed(filter, handler));
        return () -> handlers.remove(key);
    }

    @Override
    public Outlet outlet(String name) {
        return new Outlet() {
            @Override
            public void hold(long bytes) {}

            @Override
            public void release(long bytes) {}

            @Override
            public void publish(Message message, @Nullable Subject route) {
                publishNow(message);
            }

            @Override
            public boolean writable() {
                return true;
            }

            @Override
            public void onWritable(Runnable action) {
                action.run();
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public void listen(InterestListener listener) {
        listeners.add(listener);
    }

    /** A leaf connection begins or ceases to want this. */
    public void leafInterest(String filter, boolean wanted) {
        if (wanted) {
            interest.add(filter);
        } else {
            interest.remove(filter);
        }
        var subscription = new Subscription(new Leaf(), Subject.of(filter), null);
        listeners.forEach(listener -> listener.onInterest(subscription, wanted));
    }

    @Override
    public void pause() {
        paused = true;
    }

    @Override
    public void resume() {
        paused = false;
    }
}
