package io.leafd.jetstream.fakes;

import io.leafd.broker.MessageHandler;
import io.leafd.broker.interest.Delivery;
import io.leafd.broker.interest.InterestListener;
import io.leafd.broker.interest.Publisher;
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
    private final StoreLoop loop;
    private final Map<Object, Subscribed> handlers = new LinkedHashMap<>();
    private final Set<String> interest = new HashSet<>();
    private final List<Message> published = new ArrayList<>();
    private boolean paused;

    private record Subscribed(String filter, MessageHandler handler) {}

    public FakePort(StoreLoop loop) {
        this.loop = loop;
    }

    /** Publishes to JetStream as a client would; false if nobody takes it (503). */
    public boolean send(Message message) {
        var view = new MessageView();
        view.set(message, null);
        boolean taken = false;
        for (Subscribed subscribed : List.copyOf(handlers.values())) {
            if (Subjects.matches(subscribed.filter, message.subject().toString())) {
                taken |= subscribed.handler.onMessage(new Delivery(0).start(view, this));
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
    public void listen(InterestListener listener) {}

    @Override
    public void pause() {
        paused = true;
    }

    @Override
    public void resume() {
        paused = false;
    }
}
