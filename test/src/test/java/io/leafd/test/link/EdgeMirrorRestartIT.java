package io.leafd.test.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The edge mirrors a stream of the hub, and each of the two is killed while messages are on their way. */
class EdgeMirrorRestartIT {
    private static final Duration CATCH_UP_MAX = Duration.ofSeconds(60);

    @Test
    void theEdgesMirrorKeepsSequencesAndTimesOverRestartsOfBoth() {
        try (Site site = Site.start(Site.UNLIMITED, "")) {
            try (JetStreamClient hub = site.hubJetStream();
                    JetStreamClient edge = site.edgeJetStream()) {
                hub.createStream("RECIPES", "recipes.>");
                hub.publish("recipes.a", 1, 1000);
                hub.deleteMessage("RECIPES", 500);
                edge.createMirror("LOCAL_RECIPES", "RECIPES", "hub");
                edge.awaitSeq("LOCAL_RECIPES", 1000, CATCH_UP_MAX);
                hub.publish("recipes.b", 1001, 3000);
            }
            site.edge.kill();
            site.edge.start();
            try (JetStreamClient hub = site.hubJetStream();
                    JetStreamClient edge = site.edgeJetStream()) {
                edge.awaitSeq("LOCAL_RECIPES", 3000, CATCH_UP_MAX);
                hub.publish("recipes.c", 3001, 4000);
            }
            site.hub.kill();
            site.hub.start();
            try (JetStreamClient hub = site.hubJetStream();
                    JetStreamClient edge = site.edgeJetStream()) {
                hub.publish("recipes.d", 4001, 5000);
                edge.awaitSeq("LOCAL_RECIPES", 5000, CATCH_UP_MAX);
                var expected = hub.read("RECIPES");
                assertThat(expected).hasSize(4999);
                assertThat(edge.read("LOCAL_RECIPES")).isEqualTo(expected);
            }
        }
    }
}
