package io.leafd.test.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.leafd.test.peer.Deadline;
import io.leafd.test.peer.RawClient;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Store and forward up into a stream of a real hub, whose duplicate window is too short to help. */
class ForwardIT {
    private static final Duration DRAIN = Duration.ofSeconds(90);
    private static final String FORGETFUL = "\"subjects\":[\"plant.telemetry.>\"],\"duplicate_window\":100000000";
    private static final String FORWARD = """

            [[upstream.hq.forward]]
            name = "telemetry"
            subjects = ["plant.telemetry.>"]
            into = "TELEMETRY"
            """;

    @Test
    void everythingArrivesOnceInOrderThroughOutagesFlapsAndKills() {
        try (Site site = Site.start(Site.UNLIMITED, FORWARD);
                HubStream stream = HubStream.create(site.hub, "TELEMETRY", FORGETFUL)) {
            var readings = new Readings(site);
            readings.publish(2_000);
            stream.awaitMessages(1, DRAIN);

            site.network.refuse();
            readings.publish(4_000);
            site.network.accept();
            for (int i = 0; i < 8; i++) {
                readings.publish(500);
                site.network.cut();
            }
            site.network.refuse();
            readings.publish(4_000);
            site.edge.kill();
            site.edge.start();
            readings.publish(2_000);
            site.network.accept();
            stream.awaitMessages(10_500, DRAIN);
            site.edge.kill();
            site.edge.start();
            readings.publish(4_000);

            stream.awaitMessages(20_000, DRAIN);
            assertThat(readings.published()).isEqualTo(20_000);
            assertThat(stream.payloads()).isEqualTo(readings.payloads());
        }
    }

    @Test
    void whatTheHubHoldsIsNotSentAgainAfterItsDuplicateWindow() {
        try (Site site = Site.start(Site.UNLIMITED, FORWARD);
                HubStream stream = HubStream.create(site.hub, "TELEMETRY", FORGETFUL)) {
            var readings = new Readings(site);
            readings.publish(100);
            stream.awaitMessages(100, DRAIN);
            holdAcknowledgements(site, stream, readings);
            site.network.cut();
            site.network.pass();
            readings.publish(100);
            stream.awaitMessages(readings.published(), DRAIN);
            holdAcknowledgements(site, stream, readings);
            site.edge.kill();
            site.network.pass();
            site.edge.start();
            readings.publish(100);
            stream.awaitMessages(readings.published(), DRAIN);

            assertThat(stream.payloads()).isEqualTo(readings.payloads());
        }
    }

    @Test
    void anotherPublisherOnTheSameSubjectsDoesNotConfuse() {
        try (Site site = Site.start(Site.UNLIMITED, FORWARD);
                HubStream stream = HubStream.create(site.hub, "TELEMETRY", FORGETFUL)) {
            var readings = new Readings(site);
            readings.publish(100);
            stream.awaitMessages(100, DRAIN);
            holdAcknowledgements(site, stream, readings);
            for (int i = 0; i < 500; i++) {
                stream.publish("plant.telemetry.s" + i % 50, "other");
            }
            site.network.cut();
            site.network.pass();
            readings.publish(100);
            stream.awaitMessages(readings.published() + 500, DRAIN);

            assertThat(stream.payloads().stream().filter(text -> !text.equals("other")))
                    .containsExactlyElementsOf(readings.payloads());
        }
    }

    @Test
    void aFullStreamIsWaitedForAndWhatNeverFitsIsParked() {
        try (Site site = Site.start(Site.UNLIMITED, FORWARD);
                HubStream stream = HubStream.create(
                        site.hub,
                        "TELEMETRY",
                        FORGETFUL + ",\"max_msgs\":30,\"discard\":\"new\",\"max_msg_size\":1000")) {
            var readings = new Readings(site);
            readings.publish(20);
            try (RawClient edge = site.atEdge()) {
                edge.exchange("PUB plant.telemetry.big 2000\r\n" + "x".repeat(2000) + "\r\n");
            }
            readings.publish(30);
            stream.awaitMessages(30, DRAIN);
            Deadline.await(
                    "the refusal is told", DRAIN, () -> site.edge.logText().contains("maximum messages exceeded"));
            assertThat(site.edge.logText()).contains("is parked: message size exceeds maximum allowed (10054)");
            stream.update(FORGETFUL + ",\"max_msgs\":-1,\"discard\":\"new\",\"max_msg_size\":1000");
            stream.awaitMessages(50, DRAIN);

            assertThat(stream.payloads()).containsExactlyInAnyOrderElementsOf(readings.payloads());
        }
    }

    @Test
    void aReloadLeavesTheForwardAtWork() {
        try (Site site = Site.start(Site.UNLIMITED, "retry_max = \"5s\"\n" + FORWARD);
                HubStream stream = HubStream.create(site.hub, "TELEMETRY", FORGETFUL)) {
            var readings = new Readings(site);
            readings.publish(1_000);
            stream.awaitMessages(1_000, DRAIN);

            site.reload("retry_max = \"5s\"", "retry_max = \"5s\"\nrate = \"80Mbit/s\"");
            readings.publish(1_000);
            stream.awaitMessages(2_000, DRAIN);
            assertThat(site.network.accepted())
                    .as("connections, with another rate")
                    .isEqualTo(1);

            site.reload("retry_max = \"5s\"", "retry_max = \"6s\"");
            readings.publish(1_000);
            stream.awaitMessages(3_000, DRAIN);
            assertThat(site.network.accepted())
                    .as("connections, with another patience")
                    .isEqualTo(2);
            assertThat(stream.payloads()).isEqualTo(readings.payloads());
        }
    }

    @Test
    void theStreamMayBeMadeLater() {
        try (Site site = Site.start(Site.UNLIMITED, FORWARD)) {
            var readings = new Readings(site);
            readings.publish(100);
            Deadline.await(
                    "the missing stream is told",
                    DRAIN,
                    () -> site.edge.logText().contains("stream not found"));
            try (HubStream stream = HubStream.create(site.hub, "TELEMETRY", FORGETFUL)) {
                stream.awaitMessages(100, DRAIN);
                assertThat(stream.payloads()).isEqualTo(readings.payloads());
            }
        }
    }

    @Test
    void withoutAcknowledgingStreamPlainSubscribersGetEverything() {
        String plain = "\n[[upstream.hq.forward]]\nname = \"telemetry\"\nsubjects = [\"plant.telemetry.>\"]\n";
        try (Site site = Site.start(Site.UNLIMITED, plain);
                RawClient hub = site.atHub()) {
            hub.exchange("SUB plant.telemetry.> 1\r\n");
            Site.awaitCrossing("ready", site.atEdge(), hub);
            var readings = new Readings(site);
            site.network.refuse();
            readings.publish(1_000);
            site.network.accept();
            String text = hub.within(DRAIN).until("\r\n1000\r\n");
            assertThat(text).contains("\r\n1\r\n").contains("\r\n999\r\n").contains("Nats-Msg-Id: ");
        }
    }

    /** Readings that the hub stores while the edge hears nothing of it. */
    private static void holdAcknowledgements(Site site, HubStream stream, Readings readings) {
        site.awaitConfirmed(DRAIN); // or else the window may be full of what is acknowledged only now
        site.network.down().hold();
        long before = stream.messages();
        readings.publish(50);
        stream.awaitMessages(before + 50, DRAIN);
    }
}
