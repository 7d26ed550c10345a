package io.leafd.test.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.leafd.test.peer.Deadline;
import io.leafd.test.peer.RawClient;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A link that is told to send no more than so much: the backlog keeps to it, and what is urgent does not wait behind. */
@Tag("conformance")
class LinkRateIT {
    private static final int BYTES_PER_SECOND = 64_000;
    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final String SLOW = """
            rate = "512kbit/s"

            [[upstream.hq.forward]]
            name = "telemetry"
            subjects = ["plant.telemetry.>"]
            into = "TELEMETRY"
            domain = "hub"
            """;

    @Test
    @Timeout(180)
    void aBacklogKeepsToTheRateAndAlarmsPassIt() {
        try (Site site = Site.start(Site.UNLIMITED, SLOW);
                HubStream telemetry = HubStream.create(site.hub, "TELEMETRY", "\"subjects\":[\"plant.telemetry.>\"]");
                RawClient hub = site.atHub().within(LIMIT);
                RawClient edge = site.atEdge().within(LIMIT)) {
            hub.exchange("SUB alarm 1\r\n");
            Site.awaitCrossing("ready", edge, hub);
            site.network.refuse();
            var readings = new Readings(site);
            readings.publish(4_000);
            int before = site.network.accepted();
            site.network.accept();
            Deadline.await("the link is up", LIMIT, () -> site.network.accepted() > before);
            telemetry.awaitMessages(1, LIMIT);
            long startNs = System.nanoTime();
            long startBytes = site.network.up().passedBytes();

            long slowestNs = 0;
            while (telemetry.messages() < 2_000) {
                long sentNs = System.nanoTime();
                edge.send("PUB alarm 1\r\n!\r\n");
                hub.until("!\r\n");
                slowestNs = Math.max(slowestNs, System.nanoTime() - sentNs);
            }
            double seconds = (System.nanoTime() - startNs) / 1e9;
            long bytes = site.network.up().passedBytes() - startBytes;
            assertThat(bytes / seconds)
                    .as("bytes a second")
                    .isLessThan(BYTES_PER_SECOND * 1.25 + BYTES_PER_SECOND / seconds);
            assertThat(Duration.ofNanos(slowestNs)).as("slowest alarm").isLessThan(Duration.ofSeconds(3));
            telemetry.awaitMessages(4_000, LIMIT);
            assertThat(telemetry.payloads()).isEqualTo(readings.payloads());
        }
    }
}
