package io.leafd.link.net;

import static io.leafd.link.net.LeafRig.message;
import static io.leafd.link.net.LeafRig.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.leafd.broker.InternalClient;
import io.leafd.link.LinkListener;
import io.leafd.link.LinkLogin;
import io.leafd.link.LinkRules;
import io.leafd.link.LinkStatus;
import io.leafd.link.LinkTls;
import io.leafd.link.LinkUrl;
import io.leafd.link.Links;
import io.leafd.link.SessionUplink;
import io.leafd.link.UpstreamLink;
import io.leafd.link.UpstreamPlan;
import io.leafd.link.budget.BudgetPlan;
import io.leafd.link.budget.BudgetStatus;
import io.leafd.link.budget.Ledger;
import io.leafd.link.budget.Period;
import io.leafd.protocol.Message;
import io.leafd.protocol.Subject;
import io.leafd.protocol.json.Json;
import io.leafd.security.login.UserDirectory;
import io.leafd.security.nkey.Nkey;
import io.leafd.security.nkey.NkeySeed;
import io.leafd.security.nkey.NkeyType;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Our side of a connection that we dial, against an upstream whose bytes the test writes. */
class UpstreamLinkTest {
    private final LeafRig edge = new LeafRig("edge", UserDirectory.open("A"));
    private final ServerSocket listener = ScriptedPeer.listen();
    private final Links links =
            new Links(edge.server, new SocketDialler(edge.broker.loops()), edge.control, Ledger.NONE);

    @TempDir
    Path directory;

    @AfterEach
    void close() throws IOException {
        links.close();
        listener.close();
        edge.close();
    }

    @Test
    void connectsWithAnNkeyAndDeclinesCompression() throws IOException {
        NkeySeed seed = NkeySeed.generate(NkeyType.USER, new SecureRandom());
        Path file = Files.createFile(
                directory.resolve("seed"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.write(file, seed.text());
        UpstreamLink link = link(LinkRules.OPEN, new LinkLogin.SeedFile(file));
        link.start();

        try (ScriptedPeer hub = ScriptedPeer.accept(listener)) {
            hub.send(ScriptedPeer.INFO);
            String connect = hub.line();
            assertThat(connect).startsWith("CONNECT {");
            Map<String, @Nullable Object> json = json(connect);
            assertThat(json).doesNotContainKeys("lang", "gateway", "account", "jwt", "user");
            assertThat(json)
                    .containsEntry("name", "edge")
                    .containsEntry("cluster", "edge")
                    .containsEntry("version", "2.15.2")
                    .containsEntry("remote_account", "A")
                    .containsEntry("domain", "edge-domain")
                    .containsEntry("jetstream", true)
                    .containsEntry("headers", true)
                    .containsEntry("compress_mode", "off")
                    .containsEntry("nkey", seed.nkey().text());
            assertThat(Nkey.parse(seed.nkey().text()).verifies("LiIL2reR2ag8Els", String.valueOf(json.get("sig"))))
                    .isTrue();
            hub.send(ScriptedPeer.ACCEPTED);
            assertThat(hub.line()).matches("LS\\+ \\$LDS\\.[0-9A-Za-z]{22}");
            await().until(link::connected);
            LinkStatus.Peer peer = link.status().peer();
            assertThat(peer).isNotNull();
            assertThat(peer.name()).isEqualTo("hub");
            assertThat(peer.account()).isEqualTo("HUB");
        }
    }

    @Test
    void tellsLocalInterestAndItsChanges() {
        edge.subscribe("before.>");
        try (ScriptedPeer hub = connected(LinkRules.OPEN, "")) {
            assertThat(hub.untilPong()).contains("LS+ before.>\n").contains("LS+ $LDS.");

            InternalClient client = edge.client();
            var one = client.subscribe("foo", null, d -> true);
            var two = client.subscribe("foo", null, d -> true);
            var queue1 = client.subscribe("bar", "q1", d -> true);
            client.subscribe("bar", "q1", d -> true);
            assertThat(lines(hub, 3)).isEqualTo("LS+ foo\nLS+ bar q1 1\nLS+ bar q1 2\n");

            client.unsubscribe(one);
            client.unsubscribe(queue1);
            assertThat(lines(hub, 1)).isEqualTo("LS+ bar q1 1\n");
            client.unsubscribe(two);
            assertThat(lines(hub, 1)).isEqualTo("LS- foo\n");
        }
    }

    @Test
    void sendsWhatTheUpstreamWantsInEveryForm() {
        try (ScriptedPeer hub = connected(LinkRules.OPEN, "")) {
            hub.send("LS+ foo\r\nLS+ fo.*\r\nLS+ bar q1 1\r\nLS+ bar q2 3\r\n").untilPong();
            InternalClient client = edge.client();
            byte[] headers = "NATS/1.0\r\nA: b\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
            client.publish(message("foo", "hi"));
            client.publish(request("foo", "rep.1", "hi"));
            client.publish(Message.withHeaders(Subject.of("foo"), null, headers, new byte[] {'h', 'i'}));
            client.publish(message("bar", "hi"));
            client.publish(request("bar", "rep.2", "hi"));
            client.publish(Message.empty(Subject.of("foo")));
            client.publish(message("nobody", "hi"));

            assertThat(lines(hub, 2)).isEqualTo("LMSG foo 2\nhi\n");
            assertThat(lines(hub, 2)).isEqualTo("LMSG foo rep.1 2\nhi\n");
            assertThat(lines(hub, 5)).isEqualTo("HMSG foo 18 20\nNATS/1.0\nA: b\n\nhi\n");
            assertThat(lines(hub, 2)).isIn("LMSG bar | q1 q2 2\nhi\n", "LMSG bar | q2 q1 2\nhi\n");
            assertThat(lines(hub, 2)).isIn("LMSG bar + rep.2 q1 q2 2\nhi\n", "LMSG bar + rep.2 q2 q1 2\nhi\n");
            assertThat(lines(hub, 2)).isEqualTo("LMSG foo 0\n\n");
            assertThat(hub.untilPong()).isEmpty();
        }
    }

    @Test
    void deliversWhatTheUpstreamSendsToPlainSubscribersAndNamedGroups() {
        List<String> plain = edge.subscribe("cmd.>");
        List<String> queued = edge.subscribe("cmd.*", "q");
        try (ScriptedPeer hub = connected(LinkRules.OPEN, "")) {
            hub.send("LMSG cmd.a 1\r\n1\r\nLMSG cmd.b | q 1\r\n2\r\nLMSG cmd.c + r q other 1\r\n3\r\n"
                    + "LMSG cmd.d r 1\r\n4\r\n");
            hub.untilPong();

            assertThat(plain).containsExactly("cmd.a:1", "cmd.b:2", "cmd.c>r:3", "cmd.d>r:4");
            assertThat(queued).containsExactly("cmd.b:2", "cmd.c>r:3");
        }
    }

    @Test
    void neverSendsAMessageBack() {
        edge.subscribe("echo");
        try (ScriptedPeer hub = connected(LinkRules.OPEN, "")) {
            hub.send("LS+ echo\r\nLMSG echo 1\r\nx\r\n");

            assertThat(hub.untilPong()).doesNotContain("LMSG");
        }
    }

    @Test
    void carriesAConsumersDeliveryWithTheSubjectToShow() {
        List<String> delivered = edge.subscribe("$JS.M.in");
        try (ScriptedPeer hub = connected(LinkRules.OPEN, "")) {
            String ack = "$JS.ACK.S.C.1.7.3.99.0";
            hub.send("LS+ $JS.M.out\r\nLMSG $JS.M.in " + ack + "@orders.1 3\r\none\r\n")
                    .untilPong();
            assertThat(delivered).containsExactly("orders.1>" + ack + ":one");

            edge.client().publish(request("orders.2", ack, "two"), Subject.of("$JS.M.out"));
            assertThat(lines(hub, 2)).isEqualTo("LMSG $JS.M.out " + ack + "@orders.2 3\ntwo\n");
        }
    }

    @Test
    void onlyWhatTheListsNameCrosses() {
        List<String> got = edge.subscribe(">");
        var rules = new LinkRules(List.of("plant.>"), List.of("cmd.>"), List.of("plant.telemetry.>"));
        try (ScriptedPeer hub = connected(rules, "")) {
            assertThat(hub.untilPong()).contains("LS+ cmd.>\n").doesNotContain("LS+ >");
            hub.send("LS+ >\r\nLMSG cmd.1 1\r\na\r\nLMSG other.1 1\r\nb\r\n").untilPong();
            assertThat(got).containsExactly("cmd.1:a");

            InternalClient client = edge.client();
            client.publish(message("other", "1"));
            client.publish(message("plant.telemetry.t", "2"));
            client.publish(message("$KV.b.k", "3"));
            client.publish(message("$JS.API.INFO", "4"));
            client.publish(message("plant.a", "5"));
            assertThat(lines(hub, 2)).isEqualTo("LMSG plant.a 1\n5\n");
        }
    }

    @Test
    void answersCrossWhateverTheListsSay() {
        var rules = new LinkRules(List.of("plant.>"), List.of("cmd.>"), List.of());
        edge.subscribe("cmd.ask");
        try (ScriptedPeer hub = connected(rules, "")) {
            hub.send("LS+ plant.ask\r\nLS+ hub.inbox\r\nLMSG cmd.ask hub.inbox 1\r\n?\r\n")
                    .untilPong();
            edge.client().publish(message("hub.inbox", "!"));
            assertThat(lines(hub, 2)).isEqualTo("LMSG hub.inbox 1\n!\n");

            edge.client().subscribe("mine.abc.*", null, d -> true);
            assertThat(hub.untilPong()).isEmpty();
            edge.client().publish(request("plant.ask", "mine.abc.1", "?"));
            assertThat(hub.lineWhere(l -> !l.isEmpty())).isEqualTo("LS+ mine.abc.*");
            assertThat(hub.lineWhere(l -> l.startsWith("LMSG"))).isEqualTo("LMSG plant.ask mine.abc.1 1");
            List<String> answers = edge.subscribe("mine.abc.1");
            hub.send("LMSG mine.abc.1 1\r\n!\r\n").untilPong();
            assertThat(answers).containsExactly("mine.abc.1:!");
        }
    }

    @Test
    void staysWithinThePermissionsThatTheUpstreamTells() {
        List<String> got = edge.subscribe("from.hub.*");
        edge.subscribe("other.x");
        String permissions = "\"import\":{\"allow\":[\"from.hub.\\u003e\"],\"deny\":[\"from.hub.secret\"]},"
                + "\"export\":{\"allow\":[\"to.hub.\\u003e\"],\"deny\":[\"to.hub.secret\"]},";
        UpstreamLink link = link(LinkRules.OPEN, new LinkLogin.None());
        try (ScriptedPeer hub = connected(link, permissions)) {
            assertThat(hub.untilPong()).contains("LS+ from.hub.*\n").doesNotContain("other.x");
            hub.send("LS+ >\r\nLMSG from.hub.1 1\r\na\r\nLMSG from.hub.secret 1\r\nb\r\n")
                    .untilPong();
            assertThat(got).containsExactly("from.hub.1:a");

            InternalClient client = edge.client();
            client.publish(message("nope.x", "1"));
            client.publish(message("to.hub.secret", "2"));
            client.publish(message("to.hub.1", "3"));
            assertThat(lines(hub, 2)).isEqualTo("LMSG to.hub.1 1\n3\n");
            assertThat(link.status().refused())
                    .extracting(LinkStatus.RefusedSubject::subject)
                    .containsExactlyInAnyOrder("nope.x", "to.hub.secret", "from.hub.secret");

            hub.send(ScriptedPeer.accepted("\"import\":{\"allow\":[\"other.\\u003e\"]},")
                    .replace("connect_info", "x"));
            assertThat(lines(hub, 2).lines()).containsExactlyInAnyOrder("LS- from.hub.*", "LS+ other.x");
            edge.client().publish(message("nope.x", "4"));
            assertThat(lines(hub, 2)).isEqualTo("LMSG nope.x 1\n4\n");
        }
    }

    @Test
    void countsAnswersThatThePermissionsAllowOnlyAsAnswers() {
        edge.subscribe("cmd");
        var wishes = new UpstreamPlan.Wishes(false, 1);
        UpstreamLink link = links.add(plan(LinkRules.OPEN, new LinkLogin.None(), wishes));
        try (ScriptedPeer hub = connected(link, "\"export\":{\"allow\":[\"plant.\\u003e\"]},")) {
            hub.send("LS+ >\r\nLMSG cmd hub.inbox.1 1\r\n?\r\n").untilPong();
            InternalClient client = edge.client();
            client.publish(message("hub.inbox.1", "first"));
            client.publish(message("hub.inbox.1", "second"));
            client.publish(message("plant.end", "x"));

            assertThat(lines(hub, 2)).isEqualTo("LMSG hub.inbox.1 5\nfirst\n");
            assertThat(lines(hub, 2)).isEqualTo("LMSG plant.end 1\nx\n");
        }
    }

    @Test
    void leavesOutHeadersForAnUpstreamThatCannotReadThem() {
        try (ScriptedPeer hub = connected(ScriptedPeer.INFO.replace("\"headers\":true", "\"headers\":false"))) {
            hub.send("LS+ foo\r\n").untilPong();
            byte[] headers = "NATS/1.0\r\nA: b\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
            edge.client().publish(Message.withHeaders(Subject.of("foo"), null, headers, new byte[] {'h', 'i'}));

            assertThat(lines(hub, 2)).isEqualTo("LMSG foo 2\nhi\n");
        }
    }

    @Test
    void dropsWhatIsTooLargeForTheUpstreamAndStaysConnected() {
        try (ScriptedPeer hub = connected(ScriptedPeer.INFO.replace("1048576", "10"))) {
            hub.send("LS+ foo\r\n").untilPong();
            InternalClient client = edge.client();
            client.publish(message("foo", "x".repeat(11)));
            client.publish(message("foo", "x".repeat(10)));

            assertThat(lines(hub, 2)).isEqualTo("LMSG foo 10\nxxxxxxxxxx\n");
        }
    }

    @Test
    void nobodyUpstreamMeansNoResponders() {
        try (ScriptedPeer hub = connected(LinkRules.OPEN, "")) {
            List<String> answers = edge.subscribe("inbox.1");
            edge.client().publish(request("service", "inbox.1", "?"));
            await().until(() -> answers.equals(List.of("inbox.1:")));

            hub.send("LS+ service\r\n").untilPong();
            edge.client().publish(request("service", "inbox.1", "?"));
            assertThat(hub.lineWhere(l -> l.startsWith("LMSG"))).isEqualTo("LMSG service inbox.1 1");
            assertThat(answers).hasSize(1);
        }
    }

    @Test
    void reconnectsAndTellsAllInterestAgain() {
        UpstreamLink link = link(LinkRules.OPEN, new LinkLogin.None());
        edge.subscribe("kept");
        InternalClient client = edge.client();
        var removed = client.subscribe("removed", null, d -> true);
        String first;
        try (ScriptedPeer hub = connected(link, "")) {
            first = hub.untilPong();
            hub.send("LS+ foo\r\n").untilPong();
            assertThat(edge.account.hasInterest(Subject.of("foo"))).isTrue();
        }
        await().until(() -> !edge.account.hasInterest(Subject.of("foo")));
        client.unsubscribe(removed);
        assertThat(link.connected()).isFalse();

        try (ScriptedPeer hub = accept("")) {
            String second = hub.untilPong();
            assertThat(first).contains("LS+ kept\n").contains("LS+ removed\n");
            assertThat(second).contains("LS+ kept\n").doesNotContain("removed");
            assertThat(loopId(second)).isEqualTo(loopId(first));
            await().until(() -> link.status().connects() == 2);
            assertThat(link.status().lastError()).isEqualTo("the connection was closed");
        }
    }

    @Test
    void noticesThatItIsConnectedToItself() {
        UpstreamLink link = link(LinkRules.OPEN, new LinkLogin.None());
        try (ScriptedPeer hub = connected(link, "")) {
            hub.send("LS+ " + loopId(hub.untilPong()) + "\r\n");

            assertThat(hub.untilClosed())
                    .isEqualTo(
                            "-ERR 'Loop detected for leafnode account=\"A\". Delaying attempt to reconnect for 30s'\r\n");
            await().until(() -> link.status().state().equals("waiting"));
            assertThat(link.status().retryInMs()).isBetween(29_000L, 33_000L);
        }
    }

    @Test
    void learnsWhatTheUpstreamClosesConnectionsFor() {
        UpstreamLink link = link(LinkRules.OPEN, new LinkLogin.None());
        edge.subscribe("surprise");
        try (ScriptedPeer hub = connected(link, "")) {
            assertThat(hub.untilPong()).contains("LS+ surprise\n");
            hub.send("-ERR 'Permissions Violation for Subscription to \"surprise\"'\r\n");
        }
        try (ScriptedPeer hub = accept("")) {
            assertThat(hub.untilPong()).doesNotContain("surprise");
        }
    }

    @Test
    void givesUpOnAnUpstreamThatSaysNothing() {
        UpstreamLink link = link(LinkRules.OPEN, new LinkLogin.None());
        link.start();
        try (ScriptedPeer hub = ScriptedPeer.accept(listener)) {
            assertThat(hub.untilClosed()).isEmpty();
            await().until(() -> "the upstream said nothing within 1000 ms"
                    .equals(link.status().lastError()));
        }
    }

    @Test
    void givesUpOnAnUpstreamThatDoesNotAnswerConnect() {
        UpstreamLink link = link(LinkRules.OPEN, new LinkLogin.None());
        link.start();
        try (ScriptedPeer hub = ScriptedPeer.accept(listener)) {
            hub.send(ScriptedPeer.INFO);
            assertThat(hub.untilClosed()).endsWith("-ERR 'Stale Leaf Node Connection - Closing'\r\n");
        }
    }

    @Test
    void saysWhatIsWrongWithAPortThatIsNoLeafPort() {
        UpstreamLink link = link(LinkRules.OPEN, new LinkLogin.None());
        link.start();
        try (ScriptedPeer hub = ScriptedPeer.accept(listener)) {
            hub.send("INFO {\"server_id\":\"N\",\"client_id\":5} \r\n");
            assertThat(hub.untilClosed()).isEmpty();
            await().until(() -> String.valueOf(link.status().lastError()).contains("is no leaf-node port"));
        }
    }

    @Test
    void noticesABlackHole() {
        UpstreamLink link = links.add(new UpstreamPlan(
                "hq",
                urls(),
                false,
                new LinkLogin.None(),
                LinkTls.ofSystem(),
                edge.account,
                LinkRules.OPEN,
                new UpstreamPlan.Timing(Duration.ofMillis(100), Duration.ofSeconds(1), UpstreamPlan.Shape.UNBOUNDED),
                UpstreamPlan.Wishes.NONE));
        try (ScriptedPeer hub = connected(link, "")) {
            hub.untilPong();
            assertThat(hub.untilClosed()).endsWith("PING\r\nPING\r\n-ERR 'Stale Connection'\r\n");
            await().until(() -> String.valueOf(link.status().lastError()).startsWith("the upstream is gone"));
        }
    }

    @Test
    void aForwardSendsWhatDoesNotGoLive() {
        var rules = new LinkRules(List.of("plant.>"), List.of("cmd.>"), List.of("plant.telemetry.>"));
        UpstreamLink link = link(rules, new LinkLogin.None());
        try (ScriptedPeer hub = connected(link, "")) {
            hub.send("LS+ >\r\n").untilPong();
            SessionUplink uplink = link.uplink(null, 5, () -> {});
            assertThat(uplink).isNotNull();
            assertThat(uplink.apiPrefix()).isEqualTo("$JS.hub.API");
            assertThat(link.uplink("plant", 5, () -> {}))
                    .returns("$JS.plant.API", other -> other == null ? "" : other.apiPrefix());
            assertThat(uplink.payloadMaxBytes()).isEqualTo(1048576);
            assertThat(uplink.maySend(Subject.of("plant.telemetry.t"))).isTrue();
            assertThat(uplink.maySend(Subject.of("other"))).isFalse();
            assertThat(uplink.mayRequest(Subject.of("$JS.hub.API.STREAM.INFO.T")))
                    .isTrue();

            var passed = new AtomicInteger();
            uplink.send(List.of(message("plant.telemetry.1", "a"), request("plant.telemetry.2", "_INBOX.f.1", "b")));
            uplink.fence(passed::incrementAndGet);
            assertThat(lines(hub, 4))
                    .isEqualTo("LMSG plant.telemetry.1 1\na\nLMSG plant.telemetry.2 _INBOX.f.1 1\nb\n");
            await().until(() -> {
                hub.untilPong(); // answers the fence
                return passed.get() == 1;
            });
        }
    }

    @Test
    void aBudgetThatIsUsedUpStopsWhatIsLiveButNotWhatKeepsMessagesComing() {
        UpstreamLink link = link(LinkRules.OPEN, new LinkLogin.None());
        try (ScriptedPeer hub = connected(link, "")) {
            hub.send("LS+ >\r\n").untilPong();
            link.shape(new UpstreamPlan.Shape(0, new BudgetPlan(1, Period.MONTH, Duration.ofHours(1))));
            await().until(() -> budgetUsedUp(link));
            InternalClient client = edge.client();
            client.publish(message("live", "dropped"));
            client.publish(message("$JS.FC.S.c.1", "flow"));
            client.publish(request("$JS.hub.API.CONSUMER.CREATE.S", "in", "{}"));
            client.publish(message("$JS.ACK.S.c.1.1.1.1.0", "x".repeat(9_000)));
            assertThat(lines(hub, 4))
                    .isEqualTo("LMSG $JS.FC.S.c.1 4\nflow\nLMSG $JS.hub.API.CONSUMER.CREATE.S in 2\n{}\n");
            await().until(() -> link.status().traffic().overflowed() == 2);

            link.shape(UpstreamPlan.Shape.UNBOUNDED);
            await().until(() -> link.status().budget() == null);
            client.publish(message("live", "goes"));
            assertThat(lines(hub, 2)).isEqualTo("LMSG live 4\ngoes\n");
            assertThat(link.status().connects()).isEqualTo(1);
        }
    }

    private static boolean budgetUsedUp(UpstreamLink link) {
        BudgetStatus budget = link.status().budget();
        return budget != null && budget.urgentUsedUp();
    }

    @Test
    void aLinkThatTakesThePlaceOfAnotherKeepsItsListenersAndForwards() {
        UpstreamLink first = link(LinkRules.OPEN, new LinkLogin.None());
        var ups = new AtomicInteger();
        first.listen(new LinkListener() {
            @Override
            public void onUp(UpstreamLink link) {
                ups.incrementAndGet();
            }

            @Override
            public void onDown(UpstreamLink link) {}

            @Override
            public void onPermissions(UpstreamLink link) {}

            @Override
            public void onBudget(UpstreamLink link) {}
        });
        first.forwarded(List.of("plant.>"));
        try (ScriptedPeer hub = connected(first, "")) {
            hub.send("LS+ >\r\n").untilPong();
            UpstreamLink second = link(LinkRules.OPEN, new LinkLogin.None());
            try (ScriptedPeer again = connected(second, "")) {
                again.send("LS+ >\r\n").untilPong();
                await().until(() -> ups.get() == 2);
                edge.client().publish(message("plant.a", "of the forward"));
                edge.client().publish(message("other", "live"));
                assertThat(lines(again, 2)).isEqualTo("LMSG other 4\nlive\n");
            }
        }
    }

    private UpstreamLink link(LinkRules rules, LinkLogin login) {
        return links.add(plan(rules, login, UpstreamPlan.Wishes.NONE));
    }

    private UpstreamPlan plan(LinkRules rules, LinkLogin login, UpstreamPlan.Wishes wishes) {
        return edge.plan(listener.getLocalPort(), rules, login, wishes);
    }

    private List<LinkUrl> urls() {
        return List.of(LinkUrl.parse("nats://127.0.0.1:" + listener.getLocalPort()));
    }

    private ScriptedPeer connected(LinkRules rules, String fields) {
        return connected(link(rules, new LinkLogin.None()), fields);
    }

    private ScriptedPeer connected(UpstreamLink link, String fields) {
        link.start();
        ScriptedPeer hub = accept(fields);
        await().until(link::connected);
        return hub;
    }

    private ScriptedPeer connected(String info) {
        link(LinkRules.OPEN, new LinkLogin.None()).start();
        ScriptedPeer hub = ScriptedPeer.accept(listener).send(info);
        hub.lineWhere(l -> l.startsWith("CONNECT"));
        hub.send(ScriptedPeer.ACCEPTED).untilPong();
        return hub;
    }

    private ScriptedPeer accept(String fields) {
        ScriptedPeer hub = ScriptedPeer.accept(listener).send(ScriptedPeer.INFO);
        hub.lineWhere(l -> l.startsWith("CONNECT"));
        return hub.send(ScriptedPeer.accepted(fields));
    }

    private static String lines(ScriptedPeer peer, int count) {
        var lines = new StringBuilder();
        for (int i = 0; i < count; i++) {
            lines.append(peer.line()).append('\n');
        }
        return lines.toString();
    }

    private static String loopId(String lines) {
        int at = lines.indexOf("$LDS.");
        return lines.substring(at, lines.indexOf('\n', at));
    }

    private static Map<String, @Nullable Object> json(String line) {
        return Json.parseObject(line.substring(line.indexOf('{')).getBytes(StandardCharsets.UTF_8));
    }
}
