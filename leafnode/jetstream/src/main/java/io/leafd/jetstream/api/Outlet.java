package io.leafd.jetstream.api;

import io.leafd.protocol.Message;
import io.leafd.protocol.Subject;
import org.jspecify.annotations.Nullable;

/**
 * A way out into an account for somebody who has much to send. Any thread; what one thread publishes keeps its order.
 *
 * <p>Each outlet has its own bounded backlog: a slow receiver of one consumer does not hold up the others.
 */
public interface Outlet {
    /**
     * Publishes at once: the caller sees to it that what the message tells is committed.
     *
     * @param route whose subscribers get it, while they see the message's own subject; null for that subject itself
     */
    void publish(Message message, @Nullable Subject route);

    /** Counts bytes that wait for their commit as if they were published already: they take memory all the same. */
    void hold(long bytes);

    /** Takes back what {@link #hold} has counted. */
    void release(long bytes);

    /** Whether more may be published now; otherwise wait for {@link #onWritable}. Frames and answers need not ask. */
    boolean writable();

    /** Runs {@code action} once, on some thread, as soon as there is room. */
    void onWritable(Runnable action);

    /** Ends it; what was published still goes out. */
    void close();
}
