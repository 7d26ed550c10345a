package io.leafd.test.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.leafd.test.peer.Deadline;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A hub mirrors a stream of the edge by its own means, and the network breaks while the edge goes on storing. */
class HubMirrorOutageIT {
    private static final int DURING_OUTAGE = 100_000;
    private static final Duration FIRST_MAX = Duration.ofSeconds(2);

    @Test
    void theHubsMirrorCatchesUpInOrderAndOnce() {
        try (Site site = Site.start(Site.UNLIMITED, "");
                JetStreamClient edge = site.edgeJetStream();
                JetStreamClient hub = site.hubJetStream()) {
            edge.createStream("EVENTS", "plant.events.>");
            edge.publish("plant.events.a", 1, 10);
            hub.createMirror("EDGE_EVENTS", "EVENTS", "edge");
            hub.awaitSeq("EDGE_EVENTS", 10, Duration.ofSeconds(60));

            site.network.refuse();
            int last = 10 + DURING_OUTAGE;
            edge.publish("plant.events.b", 11, last);
            int before = site.network.accepted();
            site.network.accept();
            Deadline.await("the link is up", Duration.ofSeconds(30), () -> site.network.accepted() > before);
            long upNs = System.nanoTime();
            hub.awaitSeq("EDGE_EVENTS", 11, Duration.ofSeconds(60));
            Duration first = Duration.ofNanos(System.nanoTime() - upNs);
            hub.awaitSeq("EDGE_EVENTS", last, Duration.ofMinutes(2));

            assertThat(first).as("from link up to the first message").isLessThan(FIRST_MAX);
            assertThat(hub.info("EDGE_EVENTS").getStreamState().getMsgCount()).isEqualTo(last);
            var expected = edge.read("EVENTS");
            assertThat(expected).hasSize(last);
            assertThat(hub.read("EDGE_EVENTS")).isEqualTo(expected);
        }
    }
}
