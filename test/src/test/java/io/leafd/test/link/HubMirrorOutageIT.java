package io.leafd.test.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.leafd.test.peer.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * A hub copies a stream of the edge by its own means, and the network breaks while the edge goes on storing. The scenarios run beside
 * each other: the longer one mostly waits.
 */
@Tag("conformance")
@Execution(ExecutionMode.CONCURRENT)
class HubMirrorOutageIT {
    private static final int BEFORE = 10;
    private static final Duration FIRST_MAX = Duration.ofSeconds(2);
    private static final Duration CATCH_UP_MAX = Duration.ofMinutes(2);

    @Test
    @Timeout(120)
    void theHubsMirrorCatchesUpInOrderAndOnce() {
        try (Copied copied = new Copied()) {
            copied.cut();
            copied.publish(100_000);
            assertThat(copied.joinAndCatchUp()).isLessThan(FIRST_MAX);
            copied.assertEqual();
        }
    }

    /**
     * A nats-server whose mirror has heard nothing for 10 s asks for a new consumer and waits 30 s for the answer: with outages of
     * these lengths it has asked nobody when the link comes up. The outages end together, so the scenario lasts as long as one.
     */
    @Test
    @Timeout(180)
    void afterAnOutageOfAnyLengthTheFirstMessageComesAtOnce() {
        try (Copied forty = new Copied()) {
            long startNs = System.nanoTime();
            forty.cut();
            try (Copied fifteen = new Copied();
                    Copied twentyFive = new Copied()) {
                forty.publish(20_000);
                awaitSeconds(startNs, 15);
                twentyFive.cut();
                twentyFive.publish(5_000);
                awaitSeconds(startNs, 25);
                fifteen.cut();
                fifteen.publish(5_000);
                awaitSeconds(startNs, 40);
                List<Copied> all = List.of(fifteen, twentyFive, forty);
                List<CompletableFuture<Duration>> firsts = all.stream()
                        .map(copied -> CompletableFuture.supplyAsync(copied::joinAndCatchUp))
                        .toList();

                assertThat(firsts)
                        .allSatisfy(first -> assertThat(first.join())
                                .as("from link up to the first message")
                                .isLessThan(FIRST_MAX));
                all.forEach(Copied::assertEqual);
            }
        }
    }

    private static void awaitSeconds(long startNs, int seconds) {
        Deadline.await(
                "the outage has lasted",
                Duration.ofSeconds(seconds + 5),
                () -> System.nanoTime() - startNs >= Duration.ofSeconds(seconds).toNanos());
    }

    /** An edge whose stream the hub mirrors, and sources into another one. */
    private static final class Copied implements AutoCloseable {
        private final Site site = Site.start(Site.UNLIMITED, "retry_max = \"1s\"");
        private final JetStreamClient edge = site.edgeJetStream();
        private final JetStreamClient hub = site.hubJetStream();
        private int last;

        Copied() {
            edge.createStream("EVENTS", "plant.events.>");
            publish(BEFORE);
            hub.createMirror("MIRROR", "EVENTS", "edge");
            hub.createSourcing("ALL", "EVENTS", "plant.>", "edge");
            hub.awaitSeq("MIRROR", last, CATCH_UP_MAX);
            hub.awaitSeq("ALL", last, CATCH_UP_MAX);
        }

        void cut() {
            site.network.refuse();
        }

        void publish(int count) {
            edge.publish("plant.events.a", last + 1, last + count);
            last += count;
        }

        /** Lets the link come up; returns the time from then to the first new message in both streams. */
        Duration joinAndCatchUp() {
            int before = site.network.accepted();
            site.network.accept();
            Deadline.await("the link is up", Duration.ofSeconds(30), () -> site.network.accepted() > before);
            long upNs = System.nanoTime();
            hub.awaitSeq("MIRROR", BEFORE + 1, CATCH_UP_MAX);
            hub.awaitSeq("ALL", BEFORE + 1, CATCH_UP_MAX);
            Duration first = Duration.ofNanos(System.nanoTime() - upNs);
            hub.awaitSeq("MIRROR", last, CATCH_UP_MAX);
            hub.awaitSeq("ALL", last, CATCH_UP_MAX);
            return first;
        }

        void assertEqual() {
            var expected = edge.read("EVENTS");
            assertThat(expected).hasSize(last);
            assertThat(hub.read("MIRROR")).isEqualTo(expected);
            assertThat(hub.read("ALL").stream().map(JetStreamClient.Stored::payload))
                    .containsExactlyElementsOf(expected.stream()
                            .map(JetStreamClient.Stored::payload)
                            .toList());
        }

        @Override
        public void close() {
            try (site;
                    edge;
                    hub) {
                assertThat(site.hub.logText()).doesNotContain("panic");
            }
        }
    }
}
