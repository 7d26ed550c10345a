package io.leafd.jetstream;

import io.leafd.broker.InternalClient;
import io.leafd.protocol.Message;
import io.leafd.protocol.Subject;
import io.leafd.store.loop.StoreLoop;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/**
 * What the store loop has for event loops: it goes into their queues at once, but they are woken only when the store loop has run all
 * work or all completions of its group. One for all accounts.
 *
 * <p>Why: a loop that is woken for the first answer of a group sends that one, waits again, and is woken for the next; with higher
 * priority than the store, on the same processor, it interrupts the store for each. Waking was a tenth of the store's time with one
 * publisher that does not wait, and most of what sixteen that do lost.
 */
final class Departures {
    private final StoreLoop loop;
    private final ArrayList<InternalClient> waiting = new ArrayList<>(); // store loop's

    Departures(StoreLoop loop) {
        this.loop = loop;
    }

    /** Any thread. Publishes by {@code client}: from the store loop before that waits, from others at once. */
    void publish(InternalClient client, Message message, @Nullable Subject route) {
        if (!loop.inLoop()) {
            client.publish(message, route);
        } else if (client.queue(message, route)) {
            if (waiting.isEmpty()) {
                loop.beforeWaiting(this::leave);
            }
            waiting.add(client);
        }
    }

    private void leave() {
        for (int i = 0; i < waiting.size(); i++) {
            waiting.get(i).wake();
        }
        waiting.clear();
    }
}
