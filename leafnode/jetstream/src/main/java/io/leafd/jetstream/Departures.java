package io.leafd.jetstream;

import io.leafd.broker.InternalClient;
import io.leafd.protocol.Message;
import io.leafd.protocol.Subject;
import io.leafd.store.loop.StoreLoop;
import org.jspecify.annotations.Nullable;

/**
 * How what the store loop publishes leaves: it is queued at once, but event loops are woken only when the store loop has run all work,
 * or all completions, of its group.
 *
 * <p>Why: a loop that is woken for the first answer of a group sends that one and waits again, to be woken for the next. With one
 * publisher that does not wait a tenth of the store's time went there, and pull consumers got three quarters of the messages.
 */
record Departures(StoreLoop loop) {
    /** Any thread. Publishes by {@code client}: from the store loop before that waits, from others at once. */
    void publish(InternalClient client, Message message, @Nullable Subject route) {
        if (!loop.inLoop()) {
            client.publish(message, route);
        } else if (client.queue(message, route)) {
            loop.beforeWaiting(client::wake);
        }
    }
}
