package io.leafd.test.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.leafd.test.peer.Deadline;
import io.leafd.test.peer.RawClient;
import io.nats.client.Connection;
import io.nats.client.Subscription;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A link that is cut, refused or silent: local clients do not notice, and afterwards both sides know all again. */
@Tag("conformance")
class LinkOutageIT {

    private static final int CUTS = 20;
    private static final String IMPATIENT = "retry_max = \"1s\"";

    @Test
    @Timeout(180)
    void interestIsCompleteOnBothSidesAfterTwentyCuts() throws Exception {
        try (Site site = Site.start(Site.UNLIMITED, IMPATIENT);
                Connection hub = Programs.atHub(site);
                Connection edge = Programs.atEdge(site)) {
            Programs.awaitCrossing(edge, hub, "probe.up");
            var wishes = new Wishes(hub, edge);
            for (int cut = 0; cut < CUTS; cut++) {
                int before = site.network.accepted();
                site.network.cut(); // in the midst of a handshake, or of telling each other
                wishes.change();
                Deadline.await("the edge to dial again", Deadline.START, () -> site.network.accepted() > before);
                if (cut % 2 == 0) {
                    wishes.change();
                }
            }
            wishes.assertKnown();
        }
    }

    @Test
    @Timeout(180)
    void interestIsCompleteAfterRefusalBlackHoleAndRestartOfTheHub() throws Exception {
        try (Site site = Site.start(Site.UNLIMITED, "");
                Connection edge = Programs.atEdge(site)) {
            try (Connection hub = Programs.atHub(site)) {
                Programs.awaitCrossing(edge, hub, "first");
                var wishes = new Wishes(hub, edge);
                wishes.change();
                site.network.refuse();
                wishes.change();
                assertLocalService(site);
                site.network.accept();
                wishes.assertKnown();

                int before = site.network.accepted();
                site.network.hold();
                wishes.change();
                assertLocalService(site);
                Deadline.await(
                        "the black hole is noticed",
                        Deadline.START.multipliedBy(2),
                        () -> site.network.accepted() > before);
                site.network.pass();
                wishes.assertKnown();
            }
            site.hub.kill();
            assertLocalService(site);
            site.hub.start();
            try (Connection hub = Programs.atHub(site)) {
                var wishes = new Wishes(hub, edge);
                wishes.change();
                wishes.assertKnown();
            }
        }
    }

    @Test
    @Timeout(120)
    void edgeStartsAndServesWhileTheHubIsAway() throws Exception {
        try (Site site = Site.start(Site.UNLIMITED, "")) {
            site.network.refuse();
            site.edge.kill();
            site.edge.start();
            assertLocalService(site);
            site.network.accept();
            try (Connection hub = Programs.atHub(site);
                    Connection edge = Programs.atEdge(site)) {
                var wishes = new Wishes(hub, edge);
                wishes.change();
                wishes.assertKnown();
            }
        }
    }

    /**
     * Local round trips with the link up, refused and silent, in turns so that what else the machine does hits all alike. The bound is
     * wide: a client that waited for the network even once in a while would be a hundred times slower.
     */
    @Test
    @Timeout(120)
    void localRoundTripsTakeTheSameTimeWhateverTheLinkDoes() throws Exception {
        try (Site site = Site.start(Site.UNLIMITED, "");
                Connection hub = Programs.atHub(site);
                Connection edge = Programs.atEdge(site);
                RawClient requester = RawClient.open(site.edge.clientPort()).connect();
                RawClient responder = RawClient.open(site.edge.clientPort()).connect()) {
            Subscription upstream = hub.subscribe("echo"); // local messages are wanted upstream as well
            Programs.awaitCrossing(edge, hub, "probe.up");
            responder.exchange("SUB echo 1\r\n");
            requester.exchange("SUB answer 1\r\n");
            roundTrips(requester, responder); // warm
            List<long[]> up = new ArrayList<>();
            List<long[]> refused = new ArrayList<>();
            List<long[]> silent = new ArrayList<>();
            for (int turn = 0; turn < 3; turn++) {
                Programs.awaitCrossing(edge, hub, "turn." + turn);
                up.add(roundTrips(requester, responder));
                site.network.hold();
                silent.add(roundTrips(requester, responder));
                site.network.pass();
                site.network.refuse();
                refused.add(roundTrips(requester, responder));
                site.network.accept();
            }
            double medianUpMs = percentileMs(up, 50);
            assertThat(percentileMs(silent, 50)).isLessThan(3 * medianUpMs + 1);
            assertThat(percentileMs(refused, 50)).isLessThan(3 * medianUpMs + 1);
            assertThat(percentileMs(silent, 99)).isLessThan(5 * percentileMs(up, 99) + 50);
            assertThat(percentileMs(refused, 99)).isLessThan(5 * percentileMs(up, 99) + 50);
            assertThat(upstream.isActive()).isTrue();
        }
    }

    private static void assertLocalService(Site site) {
        try (RawClient one = RawClient.open(site.edge.clientPort()).connect();
                RawClient two = RawClient.open(site.edge.clientPort()).connect()) {
            one.within(Duration.ofSeconds(5)).exchange("SUB local 1\r\n");
            two.within(Duration.ofSeconds(5)).exchange("PUB local 2\r\nok\r\n");
            assertThat(one.exchange("")).isEqualTo("MSG local 1 2\r\nok\r\n");
        }
    }

    private static long[] roundTrips(RawClient requester, RawClient responder) {
        long[] tookNs = new long[400];
        for (int i = 0; i < tookNs.length; i++) {
            long startNs = System.nanoTime();
            requester.send("PUB echo answer 2\r\nhi\r\n");
            responder.until("MSG echo 1 answer 2\r\nhi\r\n");
            responder.send("PUB answer 2\r\nok\r\n");
            requester.until("MSG answer 1 2\r\nok\r\n");
            tookNs[i] = System.nanoTime() - startNs;
        }
        return tookNs;
    }

    private static double percentileMs(List<long[]> rounds, int percent) {
        long[] all = rounds.stream().flatMapToLong(Arrays::stream).sorted().toArray();
        return all[(all.length - 1) * percent / 100] / 1e6;
    }
}
