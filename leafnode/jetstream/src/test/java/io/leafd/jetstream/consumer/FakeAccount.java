package io.leafd.jetstream.consumer;

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
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An account without a broker: keeps what is published with its route, and lets a test listen, leave and send. One thread. */
final class FakeAccount implements AccountPort, Publisher {
    /** One published message and the subject it was routed by. */
    record Sent(String to, Message message) {
        String payload() {
            return new String(message.payload(), StandardCharsets.UTF_8);
        }

        /** The status line, or empty. */
        String status() {
            String block = headers();
            String line = block.lines().findFirst().orElse("");
            return line.length() > 9 ? line.substring(9) : "";
        }

        String headers() {
            return new String(message.body(), 0, message.headerLength(), StandardCharsets.UTF_8).strip();
        }

        String reply() {
            return String.valueOf(message.reply());
        }

        @Override
        public String toString() {
            return to + " " + message.subject() + " " + (headers().isEmpty() ? payload() : headers());
        }
    }

    /** What one way out takes before a commit. */
    static final int HELD_BYTES = 64 * 1024;

    private final StoreLoop loop;
    private final Map<Object, Map.Entry<String, MessageHandler>> handlers = new LinkedHashMap<>();
    private final List<Subscription> listening = new ArrayList<>();
    private final List<InterestListener> listeners = new ArrayList<>();
    private final List<Sent> sent = new ArrayList<>();
    private final List<Runnable> onWritable = new ArrayList<>();
    private boolean writable = true;
    private long heldMaxBytes;

    FakeAccount(StoreLoop loop) {
        this.loop = loop;
    }

    /** Somebody begins to listen. */
    Subscription listen(String filter) {
        Receiver receiver = new Receiver() {
            @Override
            public Kind kind() {
                return Kind.CLIENT;
            }

            @Override
            public boolean deliver(Subscription subscription, Delivery delivery) {
                return true;
            }
        };
        var subscription = new Subscription(receiver, Subject.of(filter), null);
        listening.add(subscription);
        listeners.forEach(listener -> listener.onInterest(subscription, true));
        return subscription;
    }

    /** Somebody ceases to listen. */
    void leave(Subscription subscription) {
        listening.remove(subscription);
        listeners.forEach(listener -> listener.onInterest(subscription, false));
    }

    /** Publishes to JetStream as a client would; false if nobody takes it. */
    boolean send(Message message) {
        var view = new MessageView();
        view.set(message, null);
        boolean taken = false;
        for (Map.Entry<String, MessageHandler> handler : List.copyOf(handlers.values())) {
            if (Subjects.matches(handler.getKey(), message.subject().toString())) {
                taken |= handler.getValue().onMessage(new Delivery(0).start(view, this));
            }
        }
        return taken;
    }

    /** What was published since the last call, oldest first. */
    List<Sent> take() {
        List<Sent> taken = List.copyOf(sent);
        sent.clear();
        return taken;
    }

    /** Undoes {@link #take} for one message. */
    void putBack(Sent one) {
        sent.add(one);
    }

    /** Whether the way out has room. */
    void writable(boolean has) {
        writable = has;
        if (has) {
            var waiting = List.copyOf(onWritable);
            onWritable.clear();
            waiting.forEach(Runnable::run);
        }
    }

    /** Filters that JetStream is subscribed to. */
    List<String> filters() {
        return handlers.values().stream().map(Map.Entry::getKey).toList();
    }

    @Override
    public void publish(Message message) {
        loop.afterCommit(() -> publishNow(message));
    }

    @Override
    public void publishNow(Message message) {
        sent.add(new Sent(message.subject().toString(), message));
    }

    @Override
    public void answer(Message message, int eventLoop) {
        publishNow(message);
    }

    @Override
    public boolean writable() {
        return true;
    }

    @Override
    public boolean hasInterest(Subject subject) {
        return listening.stream().anyMatch(one -> Subjects.matches(one.filter().toString(), subject.toString()));
    }

    @Override
    public Runnable subscribe(String filter, MessageHandler handler) {
        var key = new Object();
        handlers.put(key, Map.entry(filter, handler));
        return () -> handlers.remove(key);
    }

    @Override
    public Outlet outlet(String name) {
        return new FakeOutlet();
    }

    @Override
    public void listen(InterestListener listener) {
        listeners.add(listener);
        listening.forEach(subscription -> listener.onInterest(subscription, true));
    }

    @Override
    public void pause() {}

    @Override
    public void resume() {}

    /** Most bytes that one way out held for a commit. */
    long heldMaxBytes() {
        return heldMaxBytes;
    }

    private final class FakeOutlet implements Outlet {
        private long heldBytes;

        @Override
        public void publish(Message message, @Nullable Subject route) {
            sent.add(new Sent((route == null ? message.subject() : route).toString(), message));
        }

        @Override
        public void hold(long bytes) {
            heldBytes += bytes;
            heldMaxBytes = Math.max(heldMaxBytes, heldBytes);
        }

        @Override
        public void release(long bytes) {
            heldBytes -= bytes;
            FakeAccount.this.writable(writable);
        }

        @Override
        public boolean writable() {
            return writable && heldBytes < HELD_BYTES;
        }

        @Override
        public void onWritable(Runnable action) {
            onWritable.add(action);
        }

        @Override
        public void close() {}
    }
}
