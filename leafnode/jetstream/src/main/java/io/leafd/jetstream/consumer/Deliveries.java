package io.leafd.jetstream.consumer;

import io.leafd.broker.InternalClient;
import io.leafd.jetstream.api.Outlet;
import io.leafd.protocol.Message;
import io.leafd.protocol.Subject;
import io.leafd.store.loop.Completion;
import io.leafd.store.loop.StoreException;
import io.leafd.store.loop.StoreLoop;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/**
 * What a consumer sends, in order, each message not before the group that it was decided in is written. Owned by the store loop.
 *
 * <p>A group that stored messages is synced before it counts as written, so nobody sees a message that a power cut takes back. One that
 * only moved consumers is not: a power cut then means that the last messages are delivered again. Whoever promises more, such as the
 * answer to an acknowledgement, says so by {@link #sendDurably}.
 *
 * <p>What waits for the commit counts as sent ({@link Outlet#hold}), so that a group in which many consumers run is no bigger in
 * memory than what their ways out may hold.
 *
 * <p>If the commit fails nothing is sent: the store is reopened and the consumer goes on from what is on disk.
 */
final class Deliveries implements Completion {
    private record Item(Message message, @Nullable Subject route) {}

    private final StoreLoop loop;
    private final Outlet outlet;
    private final ArrayList<Item> waiting = new ArrayList<>();
    private long heldBytes;
    private boolean registered;
    private boolean closing;

    Deliveries(StoreLoop loop, Outlet outlet) {
        this.loop = loop;
        this.outlet = outlet;
    }

    /** Sends a message after the write to whoever listens on {@code route}; null for its own subject. */
    void send(Message message, @Nullable Subject route) {
        hold();
        waiting.add(new Item(message, route));
        int bytes = message.body().length + InternalClient.MESSAGE_OVERHEAD_BYTES;
        heldBytes += bytes;
        outlet.hold(bytes);
    }

    /** Sends a frame that says nothing about stored state, at once unless something waits that must come before it. */
    void tell(Subject to, @Nullable Subject reply, byte[] headers) {
        var frame = new Message(to, reply, headers, headers.length);
        if (registered) {
            send(frame, null);
        } else {
            outlet.publish(frame, null);
        }
    }

    /** Lets whatever is sent from now on wait for the commit. */
    void hold() {
        if (!registered) {
            registered = true;
            loop.afterWrite(this);
        }
    }

    /** Sends a message that promises what was done before it: only once that is on the medium. */
    void sendDurably(Message message) {
        send(message, null);
        loop.afterCommit(() -> {});
    }

    /** Whether messages may be sent; otherwise {@code wake} runs on the store loop when they may again. */
    boolean writable(Runnable wake) {
        if (outlet.writable()) {
            return true;
        }
        outlet.onWritable(() -> loop.control(wake::run));
        return false;
    }

    /** Ends it, behind what was sent. */
    void close() {
        closing = true;
        if (!registered) {
            outlet.close();
        }
    }

    @Override
    public void committed() {
        registered = false;
        for (int i = 0; i < waiting.size(); i++) {
            Item item = waiting.get(i);
            outlet.publish(item.message, item.route);
        }
        ended();
    }

    @Override
    public void failed(StoreException cause) {
        registered = false;
        ended();
    }

    private void ended() {
        waiting.clear();
        outlet.release(heldBytes);
        heldBytes = 0;
        if (closing) {
            outlet.close();
        }
    }
}
