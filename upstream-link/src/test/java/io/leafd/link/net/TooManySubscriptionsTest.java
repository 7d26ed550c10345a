package io.leafd.link.net;

import static io.leafd.link.net.LeafRig.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.leafd.broker.InternalClient;
import io.leafd.broker.net.SubscriptionMemory;
import io.leafd.link.LinkRules;
import io.leafd.link.Links;
import io.leafd.link.UpstreamLink;
import io.leafd.link.budget.Ledger;
import io.leafd.security.login.UserDirectory;
import java.io.IOException;
import java.net.ServerSocket;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Leaf connections when subscriptions hold as much memory as they may. */
class TooManySubscriptionsTest {
    private static final long MAX_BYTES = 256 << 10;
    private static final int TOO_MANY = 3_000;

    private final LeafRig edge = new LeafRig("edge", UserDirectory.open("A"), MAX_BYTES);
    private final SubscriptionMemory memory = edge.broker.server().subscriptionMemory();
    private final ServerSocket hubPort = ScriptedPeer.listen();
    private final LeafListener leafPort = edge.listen();
    private final Links links =
            new Links(edge.server, new SocketDialler(edge.broker.loops()), edge.control, Ledger.NONE);

    @AfterEach
    void close() throws IOException {
        links.close();
        leafPort.close();
        hubPort.close();
        edge.close();
    }

    @Test
    void anUpstreamThatWantsTooMuchMissesNothing() {
        try (ScriptedPeer hub = connected(LinkRules.OPEN)) {
            for (int i = 0; i < TOO_MANY; i++) {
                hub.send("LS+ wanted." + i + "\r\n");
            }
            hub.send("LS+ jobs workers 1\r\n").untilPong();
            assertThat(memory.heldBytes()).as("with room for local clients").isLessThan(MAX_BYTES / 4 * 3);
            assertThat(memory.refused()).isZero();

            InternalClient client = edge.client();
            client.publish(message("wanted." + (TOO_MANY - 1), "x"));
            client.publish(message("wanted.0", "x"));
            client.publish(message("jobs", "x"));
            assertThat(hub.line()).isEqualTo("LMSG wanted." + (TOO_MANY - 1) + " 1");
            assertThat(hub.line()).isEqualTo("x");
            assertThat(hub.line()).isEqualTo("LMSG wanted.0 1");
            assertThat(hub.line()).isEqualTo("x");
            assertThat(hub.line()).isEqualTo("LMSG jobs | workers 1");
        }
        await().until(() -> memory.heldBytes() == 0);
    }

    @Test
    void anUpstreamThatCanNotBeToldEachFilterIsToldOfAllThatMayComeIn() {
        InternalClient client = edge.client();
        for (int i = 0; i < 1_500; i++) {
            client.subscribe("cmd." + i, null, delivery -> true);
        }
        client.subscribe("jobs", "workers", delivery -> true);
        long before = memory.heldBytes();
        List<String> got = edge.subscribe("cmd.1499");
        try (ScriptedPeer hub = connected(new LinkRules(null, List.of("cmd.>", "jobs"), List.of()))) {
            String told = hub.untilPong();
            assertThat(told).contains("LS+ cmd.>\n", "LS+ jobs workers 1\n", "LS- cmd.");
            assertThat(memory.heldBytes()).isLessThan(before + 8_192);

            hub.send("LMSG cmd.1499 1\r\nx\r\n");
            await().until(() -> got.equals(List.of("cmd.1499:x")));
        }
        client.close();
        await().until(() -> memory.heldBytes() < 1_024); // the one that got it
    }

    @Test
    void anUpstreamWithTooManyQueueGroupsIsRefusedInTheEnd() {
        try (ScriptedPeer hub = connected(LinkRules.OPEN)) {
            for (int i = 0; i < TOO_MANY; i++) {
                hub.send("LS+ jobs." + i + " workers" + i + " 1\r\n");
            }
            assertThat(hub.untilPong()).contains("-ERR 'maximum subscriptions exceeded'");
            assertThat(memory.heldBytes()).isLessThan(MAX_BYTES / 4 * 5 + 4_096);
        }
        await().until(() -> memory.heldBytes() == 0);
    }

    @Test
    void anUpstreamThatCanNotBeToldOfAllQueueGroupsIsClosed() {
        InternalClient client = edge.client();
        for (int i = 0; i < TOO_MANY; i++) {
            client.subscribe("jobs." + i, "workers" + i, delivery -> true);
        }
        long before = memory.heldBytes();
        try (ScriptedPeer hub = greeted(link(LinkRules.OPEN))) {
            assertThat(hub.untilClosed()).contains("-ERR 'maximum subscriptions exceeded'");
        }
        await().until(() -> memory.heldBytes() == before);
    }

    @Test
    void aLeafThatDialledUsIsRefusedAndStays() {
        try (ScriptedPeer leaf = ScriptedPeer.dial(leafPort.address().getPort())) {
            leaf.line();
            leaf.send("CONNECT {\"version\":\"2.15.2\",\"name\":\"spoke\",\"headers\":true}\r\n")
                    .untilPong();
            for (int i = 0; i < TOO_MANY; i++) {
                leaf.send("LS+ wanted." + i + "\r\n");
            }
            assertThat(leaf.untilPong()).contains("-ERR 'maximum subscriptions exceeded'");
            assertThat(memory.refused()).isPositive();
            assertThat(memory.heldBytes()).isLessThan(MAX_BYTES + 4_096);
            edge.client().publish(message("wanted.0", "x"));
            assertThat(leaf.line()).isEqualTo("LMSG wanted.0 1");
        }
        await().until(() -> memory.heldBytes() == 0);
    }

    private UpstreamLink link(LinkRules rules) {
        return links.add(edge.plan(hubPort.getLocalPort(), rules));
    }

    private ScriptedPeer greeted(UpstreamLink link) {
        link.start();
        ScriptedPeer hub = ScriptedPeer.accept(hubPort).send(ScriptedPeer.INFO);
        hub.lineWhere(l -> l.startsWith("CONNECT"));
        return hub.send(ScriptedPeer.accepted(""));
    }

    private ScriptedPeer connected(LinkRules rules) {
        UpstreamLink link = link(rules);
        ScriptedPeer hub = greeted(link);
        await().until(link::connected);
        return hub;
    }
}
