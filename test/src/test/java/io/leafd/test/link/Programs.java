package io.leafd.test.link;

import io.leafd.test.peer.Deadline;
import io.leafd.test.peer.NatsClients;
import io.nats.client.Connection;
import io.nats.client.Message;
import io.nats.client.Subscription;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Programs at the two ends of a {@link Site}, written with the official Java client. */
final class Programs {

    private Programs() {}

    static Connection atHub(Site site) {
        return NatsClients.connect(site.hub, "a", "a");
    }

    static Connection atEdge(Site site) {
        return NatsClients.connect(site.edge);
    }

    /** Waits until what one client publishes on the subject reaches the other. */
    static void awaitCrossing(Connection from, Connection to, String subject) {
        Subscription probe = to.subscribe(subject);
        flush(to);
        Deadline.await(subject + " to cross the link", Deadline.START, () -> {
            from.publish(subject, new byte[0]);
            flush(from);
            return probe.getPendingMessageCount() > 0;
        });
        probe.unsubscribe();
        flush(to);
    }

    static void flush(Connection connection) {
        try {
            connection.flush(Deadline.ANSWER);
        } catch (TimeoutException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The payload of the next message as text, or null when none comes in time. */
    static @Nullable String next(Subscription subscription) {
        try {
            Message message = subscription.nextMessage(Deadline.ANSWER);
            return message == null ? null : new String(message.getData(), StandardCharsets.UTF_8);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    static void publish(Connection connection, String subject, String payload) {
        connection.publish(subject, payload.getBytes(StandardCharsets.UTF_8));
    }
}
