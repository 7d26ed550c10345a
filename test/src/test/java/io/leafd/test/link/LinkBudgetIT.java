package io.leafd.test.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.leafd.test.faults.AdminQuestion;
import io.leafd.test.peer.Deadline;
import io.leafd.test.peer.JsonTree;
import io.leafd.test.peer.RawClient;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A link that may send only so much in a period. The period is a month, so that none ends during the scenario; what ends it here is
 * a larger budget.
 */
@Tag("conformance")
class LinkBudgetIT {
    private static final long BUDGET_BYTES = 2_000_000;
    private static final int READINGS = 30_000;
    private static final int ALARMS = 3_000;
    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final String METERED = """
            budget = "2MB/month"
            ping_interval = "1h"

            [[upstream.hq.forward]]
            name = "telemetry"
            subjects = ["plant.telemetry.>"]
            into = "TELEMETRY"

            [[upstream.hq.forward]]
            name = "alarms"
            subjects = ["plant.alarm"]
            into = "ALARMS"
            priority = 9
            """;

    @Test
    @Timeout(300)
    void aBacklogWaitsForTheBudgetAndEverythingElseGoesOn() {
        try (Site site = Site.start(Site.UNLIMITED, METERED);
                HubStream telemetry = HubStream.create(
                        site.hub, "TELEMETRY", "\"subjects\":[\"plant.telemetry.>\"],\"duplicate_window\":100000000");
                HubStream alarms = HubStream.create(site.hub, "ALARMS", "\"subjects\":[\"plant.alarm\"]");
                JetStreamClient hub = site.hubJetStream()) {
            try (JetStreamClient edge = site.edgeJetStream()) {
                hub.createStream("RECIPES", "recipes.>");
                edge.createMirror("LOCAL_RECIPES", "RECIPES", "hub");
                recipes(site, hub, 1, 100);
            }
            var readings = new Readings(site);
            readings.publish(READINGS);
            awaitUsedUp(site, "telemetry", false);
            assertThat(sentAndSpent(site)).isBetween(BUDGET_BYTES * 8 / 10, BUDGET_BYTES * 9 / 10);
            long arrived = telemetry.messages();
            assertThat(arrived).isBetween(1_000L, READINGS - 1_000L);

            alarms(site, 1);
            alarms.awaitMessages(1, LIMIT);

            alarms(site, ALARMS);
            awaitUsedUp(site, "alarms", true);
            assertThat(sentAndSpent(site)).isLessThanOrEqualTo(BUDGET_BYTES);
            recipes(site, hub, 101, 3_000);
            liveMessagesAreDropped(site);
            assertThat(telemetry.messages()).isEqualTo(arrived);
            assertThat(site.network.accepted()).as("connections").isEqualTo(1);

            long before = spentBytes(site);
            site.edge.kill();
            site.edge.start();
            recipes(site, hub, 3_001, 4_000);
            awaitUsedUp(site, "telemetry", true);
            assertThat(spentBytes(site)).isBetween(before, before + BUDGET_BYTES * 3 / 100);
            assertThat(sentAndSpent(site)).isLessThanOrEqualTo(BUDGET_BYTES);
            assertThat(telemetry.messages()).isEqualTo(arrived);

            site.reload("2MB/month", "40MB/month");
            telemetry.awaitMessages(READINGS, LIMIT);
            alarms.awaitMessages(1 + ALARMS, LIMIT);
            assertThat(telemetry.payloads()).isEqualTo(readings.payloads());
            assertThat(alarms.payloads()).hasSize(1 + ALARMS);
            assertThat(site.network.accepted()).as("connections").isEqualTo(2);
            sentAndSpent(site);
            assertThat(site.edge.logText())
                    .contains("budget is used up but for live messages")
                    .contains("budget is used up, data waits")
                    .contains("budget lets data go again")
                    .doesNotContain("forward is held up");
        }
    }

    /** Recipes that the hub publishes, which the mirror at the edge gets. */
    private static void recipes(Site site, JetStreamClient hub, int from, int to) {
        hub.publish("recipes.a", from, to);
        try (JetStreamClient edge = site.edgeJetStream()) {
            edge.awaitSeq("LOCAL_RECIPES", to, LIMIT);
        }
    }

    private static void alarms(Site site, int count) {
        try (RawClient edge = site.atEdge()) {
            for (int i = 0; i < count; i++) {
                edge.send("PUB plant.alarm 100\r\n" + "!".repeat(100) + "\r\n");
            }
            edge.exchange("");
        }
    }

    /** The hub wants them, and the link is up, but they may not go. */
    private static void liveMessagesAreDropped(Site site) {
        try (RawClient hub = site.atHub();
                RawClient edge = site.atEdge()) {
            hub.exchange("SUB live 1\r\n");
            Deadline.await("a live message is dropped", LIMIT, () -> {
                edge.exchange("PUB live 1\r\n!\r\n");
                return status(site).number("answer.links.0.overflowed") > 0;
            });
            assertThat(hub.exchange("")).doesNotContain("MSG");
        }
    }

    /** @param all whether what is urgent waits, too */
    private static void awaitUsedUp(Site site, String forward, boolean all) {
        String shown =
                "answer.links.0.forwards." + List.of("alarms", "telemetry").indexOf(forward);
        Deadline.await(forward + " waits for the budget", LIMIT, () -> {
            JsonTree status = status(site);
            return status.text(shown + ".state").equals("over budget")
                    && status.isTrue("answer.links.0.budget.used_up")
                    && status.isTrue("answer.links.0.budget.urgent_used_up") == all;
        });
        assertThat(status(site).number(shown + ".restarts")).isZero();
    }

    /** What passed to the hub by the relay's own count, which is what leafd says, or a little less after a kill. */
    private static long sentAndSpent(Site site) {
        Deadline.await("what was sent has passed", LIMIT, () -> {
            long passed = site.network.up().passedBytes();
            return Math.abs(spentBytes(site) - passed) <= passed * 3 / 100;
        });
        long passed = site.network.up().passedBytes();
        assertThat(spentBytes(site)).isCloseTo(passed, within(passed * 3 / 100));
        return passed;
    }

    private static long spentBytes(Site site) {
        return status(site).number("answer.links.0.budget.spent_bytes");
    }

    private static JsonTree status(Site site) {
        return AdminQuestion.status(site.edge.directory().resolve("data"));
    }
}
