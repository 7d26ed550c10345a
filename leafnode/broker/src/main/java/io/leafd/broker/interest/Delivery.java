package io.leafd.broker.interest;

import io.leafd.protocol.MessageView;
import io.leafd.protocol.Subject;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One message on its way to its receivers. Owned by the event loop it runs on, used again for the next message: nobody
 * keeps it.
 */
public final class Delivery {
    private final int loop;
    private final List<Subject> queues = new ArrayList<>();
    private MessageView message = new MessageView();
    private @Nullable Publisher origin;

    /** A delivery of event loop {@code loop}. */
    public Delivery(int loop) {
        this.loop = loop;
    }

    /** Begins the next message. */
    public Delivery start(MessageView newMessage, Publisher newOrigin) {
        message = newMessage;
        origin = newOrigin;
        queues.clear();
        return this;
    }

    /** The message; valid until the call that got this delivery returns. */
    public MessageView message() {
        return message;
    }

    /** Who published it. */
    public Publisher origin() {
        if (origin == null) {
            throw new IllegalStateException("delivery used before start");
        }
        return origin;
    }

    /** Number of the event loop that runs it, from 0. */
    public int loop() {
        return loop;
    }

    /** For a leaf: the queue groups that this leaf was chosen for. Valid until the call returns. */
    public List<Subject> queues() {
        return queues;
    }
}
