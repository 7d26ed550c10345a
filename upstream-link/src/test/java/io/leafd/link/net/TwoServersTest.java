package io.leafd.link.net;

import static io.leafd.link.net.LeafRig.message;
import static io.leafd.link.net.LeafRig.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.leafd.broker.InternalClient;
import io.leafd.link.LinkRules;
import io.leafd.link.Links;
import io.leafd.link.UpstreamLink;
import io.leafd.link.budget.Ledger;
import io.leafd.protocol.Subject;
import io.leafd.security.login.UserDirectory;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One of ours as a leaf of another of ours. */
class TwoServersTest {
    private final LeafRig hub = new LeafRig("hub", UserDirectory.open("A"));
    private final LeafRig edge = new LeafRig("edge", UserDirectory.open("A"));
    private final LeafListener listener = hub.listen();
    private final Links links =
            new Links(edge.server, new SocketDialler(edge.broker.loops()), edge.control, Ledger.NONE);

    @AfterEach
    void close() {
        links.close();
        listener.close();
        edge.close();
        hub.close();
    }

    @Test
    void messagesCrossBothWaysInOrder() {
        link(LinkRules.OPEN);
        List<String> atHub = hub.subscribe("up.>");
        List<String> atEdge = edge.subscribe("down.>");
        await().until(() ->
                edge.account.hasInterest(Subject.of("up.1")) && hub.account.hasInterest(Subject.of("down.1")));
        InternalClient up = edge.client();
        InternalClient down = hub.client();
        for (int i = 0; i < 5000; i++) {
            up.publish(message("up." + i, "x"));
            down.publish(message("down." + i, "y"));
        }

        await().until(() -> atHub.size() == 5000 && atEdge.size() == 5000);
        for (int i = 0; i < 5000; i++) {
            assertThat(atHub.get(i)).isEqualTo("up." + i + ":x");
            assertThat(atEdge.get(i)).isEqualTo("down." + i + ":y");
        }
    }

    @Test
    void aRequestIsAnsweredAcrossTheLinkEvenBehindLists() {
        link(new LinkRules(List.of("plant.>"), List.of("cmd.>"), List.of()));
        InternalClient service = hub.client();
        service.subscribe("plant.sum", null, delivery -> {
            Subject reply = delivery.message().reply();
            service.publish(message(String.valueOf(reply), "42"));
            return true;
        });
        await().until(() -> edge.account.hasInterest(Subject.of("plant.sum")));
        List<String> answers = edge.subscribe("_INBOX.abc.*");
        edge.client().publish(request("plant.sum", "_INBOX.abc.1", "?"));

        await().until(() -> answers.equals(List.of("_INBOX.abc.1:42")));
        assertThat(hub.account.hasInterest(Subject.of("plant.sum"))).isTrue();
    }

    @Test
    void localQueueMembersGoFirst() {
        link(LinkRules.OPEN);
        List<String> atHub = hub.subscribe("jobs", "q");
        List<String> atEdge = edge.subscribe("jobs", "q");
        await().until(() -> edge.account.sublist().size() > 1 && hub.account.hasInterest(Subject.of("jobs")));
        InternalClient client = edge.client();
        for (int i = 0; i < 5; i++) {
            client.publish(message("jobs", "x"));
        }

        await().until(() -> atEdge.size() == 5);
        assertThat(atHub).isEmpty();
    }

    @Test
    void interestIsTheSameOnBothSidesAfterEachReconnect() {
        UpstreamLink link = link(LinkRules.OPEN);
        for (int i = 0; i < 200; i++) {
            edge.subscribe("e." + i);
            hub.subscribe("h." + i);
        }
        await().until(() -> agreed(link, 200));
        long before = toldHash(link);
        for (int i = 0; i < 3; i++) {
            long connects = link.status().connects();
            listener.leafs().close();
            await().until(() -> link.status().connects() > connects);
            await().until(() -> agreed(link, 200));
            assertThat(toldHash(link)).isEqualTo(before);
        }
    }

    private static long toldHash(UpstreamLink link) {
        var peer = link.status().peer();
        return peer == null ? 0 : peer.interest().toldHash();
    }

    private boolean agreed(UpstreamLink link, int count) {
        var peer = link.status().peer();
        var leafs = listener.leafs().status();
        return peer != null
                && leafs.size() == 1
                && peer.interest().told() == count
                && leafs.getFirst().interest().told() == count
                && peer.interest().heard() == count + 1 // and the other's loop subject
                && leafs.getFirst().interest().heard() == count + 1;
    }

    private UpstreamLink link(LinkRules rules) {
        UpstreamLink link = links.add(edge.plan(listener.address().getPort(), rules));
        link.start();
        await().until(link::connected);
        return link;
    }
}
