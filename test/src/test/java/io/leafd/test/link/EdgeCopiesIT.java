package io.leafd.test.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.leafd.test.peer.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The edge copies streams of the hub, and both the network and the streams change under the copies. */
@Tag("conformance")
class EdgeCopiesIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int CUTS = 20;
    private static final int BETWEEN_CUTS = 200;
    private static final String IMPATIENT = "retry_max = \"1s\"";

    @Test
    @Timeout(180)
    void aFlappingLinkLosesRepeatsAndReordersNothing() {
        try (Site site = Site.start(Site.UNLIMITED, IMPATIENT);
                JetStreamClient hub = site.hubJetStream();
                JetStreamClient edge = site.edgeJetStream()) {
            hub.createStream("RECIPES", "recipes.>");
            edge.createMirror("MIRROR", "RECIPES", "hub");
            edge.createSourcing("SOURCED", "RECIPES", "recipes.b", "local.b", "hub");
            for (int cut = 0; cut < CUTS; cut++) {
                int published = cut * BETWEEN_CUTS;
                hub.publish("recipes.a", published + 1, published + BETWEEN_CUTS / 2);
                int before = site.network.accepted();
                site.network.cut();
                hub.publish("recipes.b", published + BETWEEN_CUTS / 2 + 1, published + BETWEEN_CUTS);
                Deadline.await("the edge to dial again", Deadline.START, () -> site.network.accepted() > before);
            }
            int last = CUTS * BETWEEN_CUTS;
            edge.awaitSeq("MIRROR", last, LIMIT);
            edge.awaitSeq("SOURCED", last / 2, LIMIT);

            var expected = hub.read("RECIPES");
            assertThat(edge.read("MIRROR")).isEqualTo(expected);
            var sourced = edge.read("SOURCED");
            assertThat(sourced.stream().map(JetStreamClient.Stored::payload))
                    .containsExactlyElementsOf(expected.stream()
                            .filter(stored -> stored.subject().equals("recipes.b"))
                            .map(JetStreamClient.Stored::payload)
                            .toList());
            assertThat(sourced)
                    .allSatisfy(stored -> assertThat(stored.subject()).isEqualTo("local.b"));
        }
    }

    @Test
    @Timeout(180)
    void deletionsAndPurgesOfTheOriginLeaveWhatIsCopiedAndGapsWhereItIsNot() {
        try (Site site = Site.start(Site.UNLIMITED, IMPATIENT);
                JetStreamClient hub = site.hubJetStream();
                JetStreamClient edge = site.edgeJetStream()) {
            hub.createStream("RECIPES", "recipes.>");
            edge.createMirror("MIRROR", "RECIPES", "hub");
            edge.createSourcing("SOURCED", "RECIPES", "recipes.>", "local.>", "hub");
            hub.publish("recipes.a", 1, 100);
            edge.awaitSeq("MIRROR", 100, LIMIT);
            edge.awaitSeq("SOURCED", 100, LIMIT);

            site.network.refuse();
            hub.deleteMessage("RECIPES", 50);
            hub.publish("recipes.a", 101, 200);
            hub.deleteMessage("RECIPES", 150);
            site.network.accept();
            edge.awaitSeq("MIRROR", 200, LIMIT);
            edge.awaitSeq("SOURCED", 199, LIMIT);
            hub.purge("RECIPES");
            hub.publish("recipes.a", 201, 300);
            edge.awaitSeq("MIRROR", 300, LIMIT);
            edge.awaitSeq("SOURCED", 299, LIMIT);

            List<String> expected = IntStream.rangeClosed(1, 300)
                    .filter(i -> i != 150)
                    .mapToObj(Integer::toString)
                    .toList();
            var mirror = edge.read("MIRROR");
            assertThat(mirror)
                    .allSatisfy(stored -> assertThat(stored.payload()).isEqualTo(Long.toString(stored.seq())));
            assertThat(payloads(mirror)).isEqualTo(expected);
            assertThat(payloads(edge.read("SOURCED"))).isEqualTo(expected);
        }
    }

    /**
     * A mirror has the origin's sequences, so it waits until an origin that was made anew has come past its own last one; nats-server's
     * mirrors do the same. A source starts over with the new stream, which tells its identity.
     */
    @Test
    @Timeout(180)
    void anOriginMadeAnewIsSourcedFromItsStartAndMirroredFromWhereTheMirrorEnds() {
        try (Site site = Site.start(Site.UNLIMITED, IMPATIENT);
                JetStreamClient hub = site.hubJetStream();
                JetStreamClient edge = site.edgeJetStream()) {
            hub.createStream("RECIPES", "recipes.>");
            edge.createMirror("MIRROR", "RECIPES", "hub");
            edge.createSourcing("SOURCED", "RECIPES", "recipes.>", "local.>", "hub");
            hub.publish("recipes.a", 1, 100);
            edge.awaitSeq("MIRROR", 100, LIMIT);
            edge.awaitSeq("SOURCED", 100, LIMIT);

            site.network.refuse();
            hub.deleteStream("RECIPES");
            hub.createStream("RECIPES", "recipes.>");
            hub.publish("recipes.a", 1001, 1150);
            site.network.accept();
            edge.awaitSeq("SOURCED", 250, LIMIT);
            edge.awaitSeq("MIRROR", 150, LIMIT);

            assertThat(payloads(edge.read("SOURCED"))).isEqualTo(numbers(1, 100, 1001, 1150));
            assertThat(payloads(edge.read("MIRROR"))).isEqualTo(numbers(1, 100, 1101, 1150));
        }
    }

    private static List<String> payloads(List<JetStreamClient.Stored> stored) {
        return stored.stream().map(JetStreamClient.Stored::payload).toList();
    }

    private static List<String> numbers(int from, int to, int thenFrom, int thenTo) {
        return IntStream.concat(IntStream.rangeClosed(from, to), IntStream.rangeClosed(thenFrom, thenTo))
                .mapToObj(Integer::toString)
                .toList();
    }
}
