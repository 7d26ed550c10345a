package io.leafd.test.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leafd.test.peer.Deadline;
import io.nats.client.Connection;
import io.nats.client.Subscription;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;

/**
 * Subscriptions at both ends of a link that come and go, and whether each end knows exactly those of the other. Owned by one
 * scenario.
 */
final class Wishes {
    private static final int MADE_AT_ONCE = 4;

    private final Connection hub;
    private final Connection edge;
    private final List<Subscription> atHub = new ArrayList<>();
    private final List<Subscription> atEdge = new ArrayList<>();
    private final List<String> endedAtHub = new ArrayList<>();
    private final List<String> endedAtEdge = new ArrayList<>();
    private int made;

    Wishes(Connection hub, Connection edge) {
        this.hub = hub;
        this.edge = edge;
    }

    /** Subscribes at both ends, and ends some subscription of before at each. */
    void change() {
        for (int i = 0; i < MADE_AT_ONCE; i++) {
            made++;
            atHub.add(hub.subscribe("up." + made));
            atEdge.add(edge.subscribe("down." + made));
        }
        end(atHub, endedAtHub);
        end(atEdge, endedAtEdge);
        Programs.flush(hub);
        Programs.flush(edge);
    }

    private static void end(List<Subscription> there, List<String> ended) {
        Subscription one = there.remove(there.size() / 2);
        ended.add(one.getSubject());
        one.unsubscribe();
    }

    /** Waits for the link, and then each end has to know what the other wants and what it does not want any more. */
    void assertKnown() {
        String fence = "fence." + made;
        Programs.awaitCrossing(edge, hub, fence + ".up");
        Programs.awaitCrossing(hub, edge, fence + ".down");
        atHub.forEach(subscription -> Programs.publish(edge, subscription.getSubject(), "up"));
        atEdge.forEach(subscription -> Programs.publish(hub, subscription.getSubject(), "down"));
        assertThat(atHub)
                .allSatisfy(subscription -> assertThat(Programs.next(subscription))
                        .as(subscription.getSubject())
                        .isEqualTo("up"));
        assertThat(atEdge)
                .allSatisfy(subscription -> assertThat(Programs.next(subscription))
                        .as(subscription.getSubject())
                        .isEqualTo("down"));
        assertThat(endedAtHub).allSatisfy(subject -> assertNobodyListens(edge, subject));
        assertThat(endedAtEdge).allSatisfy(subject -> assertNobodyListens(hub, subject));
    }

    /** A server that knows of nobody says so at once; one that does would let the request wait. */
    private static void assertNobodyListens(Connection from, String subject) {
        assertThatThrownBy(() -> from.request(subject, new byte[0]).get(Deadline.ANSWER.toSeconds(), TimeUnit.SECONDS))
                .as("nobody listens on " + subject)
                .isInstanceOf(CancellationException.class);
    }
}
