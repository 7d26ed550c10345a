package io.leafd.test.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.leafd.test.peer.Deadline;
import io.leafd.test.peer.RawClient;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Live messages and interest over the link to a real hub, and what becomes of them when the network breaks. */
class UpstreamLinkIT {
    private static final String LIMITED =
            ", permissions: { publish: { allow: [\"to.hub.>\"], deny: [\"to.hub.secret\"] },"
                    + " subscribe: { allow: [\"from.hub.>\", \"_INBOX.>\"], deny: [\"from.hub.secret\"] } }";

    @Test
    void messagesAndRequestsCrossBothWays() {
        try (Site site = Site.start(Site.UNLIMITED, "");
                RawClient hub = site.atHub();
                RawClient edge = site.atEdge()) {
            Site.awaitCrossing("ready.up", edge, hub);
            Site.awaitCrossing("ready.down", hub, edge);
            hub.exchange("SUB up.> 1\r\nSUB service.hub 2\r\n");
            edge.exchange("SUB down.> 1\r\nSUB _INBOX.e.* 3\r\n");
            Site.awaitCrossing("fence.up", edge, hub);
            Site.awaitCrossing("fence.down", hub, edge);

            edge.send("PUB up.a 2\r\nhi\r\nHPUB up.b r.1 18 20\r\nNATS/1.0\r\nA: b\r\n\r\nhi\r\nPUB up.c 0\r\n\r\n");
            String arrived =
                    "MSG up.a 1 2\r\nhi\r\nHMSG up.b 1 r.1 18 20\r\nNATS/1.0\r\nA: b\r\n\r\nhi\r\nMSG up.c 1 0\r\n\r\n";
            assertThat(hub.exactly(arrived.length())).isEqualTo(arrived);
            hub.send("PUB down.a 2\r\nhi\r\n");
            assertThat(edge.until("hi\r\n")).isEqualTo("MSG down.a 1 2\r\n");

            edge.send("PUB service.hub _INBOX.e.1 1\r\n?\r\n");
            assertThat(hub.until("?\r\n")).isEqualTo("MSG service.hub 2 _INBOX.e.1 1\r\n");
            hub.send("PUB _INBOX.e.1 2\r\n42\r\n");
            assertThat(edge.until("42\r\n")).isEqualTo("MSG _INBOX.e.1 3 2\r\n");

            edge.send("PUB nobody.listens _INBOX.e.2 1\r\n?\r\n");
            assertThat(edge.until("\r\n\r\n")).contains("NATS/1.0 503");
        }
    }

    @Test
    void theHubNeverClosesTheLinkOfALimitedUser() {
        try (Site site = Site.start(LIMITED, "");
                RawClient hub = site.atHub();
                RawClient edge = site.atEdge()) {
            edge.exchange("SUB other.x 1\r\nSUB from.hub.secret 2\r\nSUB > 3\r\n");
            hub.exchange("SUB > 1\r\n");
            Site.awaitCrossing("to.hub.ready", edge, hub);
            Site.awaitCrossing("from.hub.ready", hub, edge);
            edge.exchange("PUB nope.x 1\r\n1\r\nPUB to.hub.secret 1\r\n2\r\nPUB to.hub.a 1\r\n3\r\n");
            Site.awaitCrossing("to.hub.fence", edge, hub);
            hub.exchange("PUB other.x 1\r\n1\r\nPUB from.hub.secret 1\r\n2\r\nPUB from.hub.a 1\r\n3\r\n");
            Site.awaitCrossing("from.hub.fence", hub, edge);

            assertThat(site.network.accepted()).as("connections to the hub").isEqualTo(1);
            assertThat(site.hub.logText()).doesNotContain("Permissions Violation");
        }
    }

    @Test
    void onlyListedSubjectsCross() {
        String lists = "export = [\"plant.>\"]\nimport = [\"cmd.>\"]";
        try (Site site = Site.start(Site.UNLIMITED, lists);
                RawClient hub = site.atHub();
                RawClient edge = site.atEdge()) {
            hub.exchange("SUB > 1\r\n");
            edge.exchange("SUB > 1\r\n");
            Site.awaitCrossing("plant.ready", edge, hub);
            Site.awaitCrossing("cmd.ready", hub, edge);
            edge.exchange("PUB secret.a 1\r\n1\r\n");
            hub.exchange("PUB secret.b 1\r\n1\r\n");
            edge.send("PUB plant.a 4\r\nlast\r\n");
            assertThat(hub.until("last\r\n")).doesNotContain("secret.a");
            hub.send("PUB cmd.a 4\r\nlast\r\n");
            assertThat(edge.until("last\r\n")).doesNotContain("secret.b");
        }
    }

    @Test
    void interestIsCompleteAfterCutsAndRefusals() {
        try (Site site = Site.start(Site.UNLIMITED, "");
                RawClient hub = site.atHub();
                RawClient edge = site.atEdge()) {
            edge.exchange("SUB down.1 1\r\nSUB down.2 2\r\n");
            Site.awaitCrossing("ready", edge, hub);
            edge.exchange("UNSUB 2\r\n");
            for (int i = 0; i < 3; i++) {
                site.network.cut();
                awaitDelivery(hub, edge, "down.1");
            }
            site.network.refuse();
            edge.exchange("SUB down.3 3\r\n");
            site.network.accept();
            awaitDelivery(hub, edge, "down.3");
            awaitDelivery(hub, edge, "down.1");
            hub.exchange("PUB down.2 1\r\nx\r\n");
            awaitDelivery(hub, edge, "down.1");
            assertThat(edge.exchange("")).doesNotContain("down.2");
        }
    }

    @Test
    void aBlackHoleIsNoticedAndLocalClientsNoticeNothing() {
        try (Site site = Site.start(Site.UNLIMITED, "");
                RawClient hub = site.atHub();
                RawClient edge = site.atEdge();
                RawClient other = site.atEdge()) {
            hub.exchange("SUB up.> 1\r\n");
            Site.awaitCrossing("ready", edge, hub);
            int before = site.network.accepted();
            site.network.hold();
            other.exchange("SUB up.local 1\r\n");
            long worstNs = 0;
            for (int i = 0; i < 500; i++) {
                long startNs = System.nanoTime();
                edge.send("PUB up.local 1\r\nx\r\n");
                other.until("x\r\n");
                worstNs = Math.max(worstNs, System.nanoTime() - startNs);
            }
            assertThat(Duration.ofNanos(worstNs)).isLessThan(Duration.ofSeconds(1));
            Deadline.await("the black hole is noticed", Duration.ofSeconds(60), () -> site.network.accepted() > before);
            site.network.pass();
            site.network.cut();
            awaitDelivery(edge, hub, "up.again");
        }
    }

    @Test
    void theHubMayStartLater() {
        try (Site site = Site.start(Site.UNLIMITED, "")) {
            site.hub.kill();
            site.hub.start();
            try (RawClient hub = site.atHub();
                    RawClient edge = site.atEdge()) {
                Site.awaitCrossing("ready", edge, hub);
            }
        }
    }

    /** Publishes until a message arrives at a subscription that is there already. */
    private static void awaitDelivery(RawClient from, RawClient to, String subject) {
        Deadline.await(subject + " is delivered", Duration.ofSeconds(60), () -> {
            from.exchange("PUB " + subject + " 1\r\n?\r\n");
            return to.exchange("").contains("MSG " + subject);
        });
    }
}
