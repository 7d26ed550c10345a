package io.leafd.test.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.leafd.test.peer.Deadline;
import io.leafd.test.peer.JsonTree;
import io.leafd.test.peer.LeafdProcess;
import io.nats.client.api.LostStreamData;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * A table in the midst of the edge's mirror is damaged while leafd is down. What was in it is reported as lost, and served around,
 * until the link is there: then it is fetched again from the hub, message by message as it is there, and nothing is reported any more.
 */
class EdgeMirrorRefillIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String MIRROR = "LOCAL_RECIPES";
    private static final int PART = 4_000;
    private static final int MESSAGES = 3 * PART;
    /** In the table that is damaged: deleted at the hub once it was copied, and deleted here. */
    private static final int DELETED_AT_HUB = PART + 1_200;

    private static final int DELETED_AT_EDGE = PART + 1_300;
    private static final int BIT = 16;

    @Test
    void aTableThatIsGoneIsFetchedAgainOnceTheLinkIsThere() {
        try (Site site = Site.start(Site.UNLIMITED, "")) {
            fill(site);
            site.edge.terminate();
            site.network.refuse();
            delete(middleTable(site));
            site.edge.start();
            try (JetStreamClient edge = site.edgeJetStream()) {
                assertThat(lost(edge)).hasSizeBetween(PART / 2, 2 * PART).doesNotContain((long) DELETED_AT_EDGE);
                long kept = edge.info(MIRROR).getStreamState().getMsgCount();
                assertThat(edge.read(MIRROR)).as("the rest is served").hasSize((int) kept);
                assertThat(lost(edge)).isNotEmpty();
                List<Long> before = edge.pull(MIRROR, "careful", PART / 2);
                assertThat(before).hasSize(PART / 2);
                site.network.accept();
                awaitWhole(edge);
                long rest = edge.info(MIRROR).getStreamState().getMsgCount() - before.size();
                assertThat(edge.pull(MIRROR, "careful", (int) rest))
                        .as("a consumer that was in front of it gets all in order")
                        .hasSize((int) rest)
                        .isSorted()
                        .doesNotHaveDuplicates();
                assertSame(site, edge, true);
            }
            assertSound(site);
        }
    }

    @Test
    void whatCannotBeReadIsFetchedAgainAsSoonAsSomebodyMeetsIt() throws IOException {
        try (Site site = Site.start(Site.UNLIMITED, "")) {
            fill(site);
            site.edge.terminate();
            Path table = middleTable(site);
            byte[] bytes = Files.readAllBytes(table);
            bytes[bytes.length / 2] ^= BIT;
            Files.write(table, bytes);
            site.edge.start();
            try (JetStreamClient edge = site.edgeJetStream()) {
                edge.lookAt(MIRROR, PART + 1, 2 * PART);
                Deadline.await(
                        "what was met is fetched",
                        LIMIT,
                        () -> site.edge.logText().contains("lost messages were fetched again"));
                awaitWhole(edge);
                assertSame(site, edge, false);
            }
            assertSound(site);
        }
    }

    @Test
    void itGoesOnAfterKillsInTheMiddle() {
        try (Site site = Site.start(Site.UNLIMITED, "")) {
            fill(site);
            site.edge.terminate();
            delete(middleTable(site));
            site.network.down().rate(100_000);
            int cut = 0;
            for (int kill = 0; kill < 4; kill++) {
                site.edge.start();
                try (JetStreamClient edge = site.edgeJetStream()) {
                    int before = lost(edge).size();
                    Deadline.await("some are back", LIMIT, () -> lost(edge).size() < before || before == 0);
                    cut += lost(edge).isEmpty() ? 0 : 1;
                }
                site.edge.kill();
            }
            assertThat(cut).as("kills in the middle").isPositive();
            site.network.down().rate(0);
            site.edge.start();
            try (JetStreamClient edge = site.edgeJetStream()) {
                awaitWhole(edge);
                assertSame(site, edge, true);
            }
            assertSound(site);
        }
    }

    /** Three parts with a restart behind each, so that each is in a table of its own; the largest is the one in the middle. */
    private static void fill(Site site) {
        try (JetStreamClient hub = site.hubJetStream();
                JetStreamClient edge = site.edgeJetStream()) {
            hub.createStream("RECIPES", "recipes.>");
            edge.createMirror(MIRROR, "RECIPES", "hub");
        }
        String[] subjects = {"recipes.a", "recipes.in.the.middle.with.a.long.subject", "recipes.c"};
        for (int part = 0; part < subjects.length; part++) {
            try (JetStreamClient hub = site.hubJetStream();
                    JetStreamClient edge = site.edgeJetStream()) {
                hub.publish(subjects[part], part * PART + 1, (part + 1) * PART);
                edge.awaitSeq(MIRROR, (part + 1L) * PART, LIMIT);
                if (part == 1) {
                    hub.deleteMessage("RECIPES", DELETED_AT_HUB);
                    edge.deleteMessage(MIRROR, DELETED_AT_EDGE);
                }
            }
            site.edge.terminate();
            site.edge.start();
        }
    }

    private static List<Long> lost(JetStreamClient edge) {
        LostStreamData lost = edge.info(MIRROR).getStreamState().getLostStreamData();
        return lost == null ? List.of() : lost.getMessages();
    }

    private static void awaitWhole(JetStreamClient edge) {
        Deadline.await("nothing is told as lost", LIMIT, () -> lost(edge).isEmpty());
    }

    private static void assertSame(Site site, JetStreamClient edge, boolean lostWasFetched) {
        try (JetStreamClient hub = site.hubJetStream()) {
            var expected = hub.read("RECIPES");
            expected.removeIf(message -> message.seq() == DELETED_AT_EDGE);
            var found = edge.read(MIRROR);
            if (!lostWasFetched) {
                found.removeIf(message -> message.seq() == DELETED_AT_HUB); // unless it was lost it is still here
            }
            assertThat(found).isEqualTo(expected);
            hub.publish("recipes.d", MESSAGES + 1, MESSAGES + 10);
            edge.awaitSeq(MIRROR, MESSAGES + 10, LIMIT);
        }
    }

    private static void assertSound(Site site) {
        site.edge.terminate();
        try {
            Process check = new ProcessBuilder(LeafdProcess.command(
                            "store",
                            "check",
                            "--json",
                            "--config",
                            site.edge.directory().resolve("leafd.toml").toString()))
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            String answer = new String(check.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(JsonTree.of(answer).isTrue("whole")).as(answer).isTrue();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path middleTable(Site site) {
        try (Stream<Path> files = Files.walk(site.edge.directory().resolve("data"))) {
            return files.filter(file -> file.toString().endsWith(".sst"))
                    .max(Comparator.comparingLong(file -> file.toFile().length()))
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path file) {
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
