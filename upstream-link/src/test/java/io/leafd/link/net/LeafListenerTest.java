package io.leafd.link.net;

import static io.leafd.link.net.LeafRig.message;
import static io.leafd.link.net.LeafRig.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.leafd.broker.InternalClient;
import io.leafd.link.InboundLeafs;
import io.leafd.protocol.Subject;
import io.leafd.protocol.json.Json;
import io.leafd.security.login.Password;
import io.leafd.security.login.Proof;
import io.leafd.security.login.User;
import io.leafd.security.login.UserDirectory;
import io.leafd.security.nkey.Nkey;
import io.leafd.security.nkey.NkeySeed;
import io.leafd.security.nkey.NkeyType;
import io.leafd.security.permission.Permissions;
import io.leafd.security.permission.ResponseLimit;
import io.leafd.security.permission.SubjectRules;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Our side of a connection that another server dials, against a dialler whose bytes the test writes. */
class LeafListenerTest {
    private static final NkeySeed SEED = NkeySeed.generate(NkeyType.USER, new SecureRandom());
    private static final Permissions LIMITED = Permissions.of(
            new SubjectRules(List.of("to.hub.>"), List.of("to.hub.secret")),
            new SubjectRules(List.of("from.hub.>", "_INBOX.>"), List.of("from.hub.secret")),
            ResponseLimit.DEFAULT);
    private static final UserDirectory USERS = UserDirectory.of(
            List.of(
                    user("any", new Proof.ByPassword(Password.stored("secret", "test")), Permissions.ALL),
                    user("key", new Proof.ByNkey(Nkey.parse(SEED.nkey().text())), Permissions.ALL),
                    user("limited", new Proof.ByPassword(Password.stored("secret", "test")), LIMITED)),
            null);

    private final LeafRig hub = new LeafRig("hub", USERS);
    private final LeafListener listener = hub.listen();

    @AfterEach
    void close() {
        listener.close();
        hub.close();
    }

    @Test
    void greetsAndAcceptsAnNkey() {
        try (ScriptedPeer leaf = dial()) {
            Map<String, @Nullable Object> info = json(leaf.line());
            assertThat(info)
                    .containsEntry("server_name", "hub")
                    .containsEntry("compression", "off")
                    .containsEntry("info_on_connect", true)
                    .containsEntry("headers", true)
                    .containsEntry("auth_required", true)
                    .containsEntry("domain", "hub-domain")
                    .containsEntry("leafnode_urls", List.of());
            String nonce = String.valueOf(info.get("nonce"));
            leaf.send(connect("\"nkey\":\"" + SEED.nkey().text() + "\",\"sig\":\"" + SEED.signNonce(nonce) + "\""));
            Map<String, @Nullable Object> welcome = json(leaf.line());
            assertThat(welcome).containsEntry("connect_info", true).containsEntry("remote_account", "A");
            assertThat(welcome).doesNotContainKeys("nonce", "compression", "import", "export");
            assertThat(leaf.line()).startsWith("LS+ $LDS.");
            assertThat(listener.leafs().status())
                    .extracting(InboundLeafs.Status::name)
                    .containsExactly("edge");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "CONNECT {\"user\":\"any\",\"pass\":\"wrong\"} | -ERR 'Authorization Violation'",
                "CONNECT {\"user\":\"any\",\"pass\":\"secret\",\"lang\":\"go\"} | -ERR 'attempted to connect to leaf node port'",
                "CONNECT {\"user\":\"any\",\"pass\":\"secret\",\"cluster\":\"a b\"} | -ERR 'cluster name cannot contain spaces'",
                "CONNECT {\"user\":\"any\",\"pass\":\"secret\",\"cluster\":\"_\"} | -ERR 'cluster name is reserved'",
                "CONNECT {\"user\":\"any\",\"pass\":\"secret\",\"cluster\":\"hub\"} | -ERR 'remote leafnode has same cluster name'",
                "CONNECT {\"user\":\"any\",\"pass\":\"secret\",\"gateway\":\"gw\"} | -ERR 'Rejecting connection from gateway \"gw\" on the leafnode port'",
                "PING | -ERR 'Authorization Violation'",
                "LS+ foo | -ERR 'Authorization Violation'",
                "INFO {} | -ERR 'Authorization Violation'",
                "NONSENSE | -ERR 'Authorization Violation'",
                "CONNECT {\"user\":1} | ~~",
                "CONNECT nonsense | ~~",
            })
    void refusesWithTheTextThatServersKnow(String line, String answer) {
        try (ScriptedPeer leaf = dial()) {
            leaf.line();
            leaf.send(line + "\r\n");
            assertThat(leaf.untilClosed().strip()).isEqualTo(answer);
        }
    }

    @Test
    void closesADiallerThatDoesNotLogIn() {
        try (ScriptedPeer leaf = dial()) {
            leaf.line();
            assertThat(leaf.untilClosed()).isEqualTo("-ERR 'Authentication Timeout'\r\n");
        }
    }

    @Test
    void tellsInterestAndExchangesMessages() {
        List<String> got = hub.subscribe("up.>");
        List<String> queued = hub.subscribe("up.*", "q");
        try (ScriptedPeer leaf = joined("any")) {
            assertThat(leaf.untilPong()).contains("LS+ up.>\n").contains("LS+ up.* q 1\n");
            leaf.send("LS+ down\r\nLS+ work q 2\r\nLMSG up.a 1\r\n1\r\nLMSG up.b | q 1\r\n2\r\n")
                    .untilPong();
            assertThat(got).containsExactly("up.a:1", "up.b:2");
            assertThat(queued).containsExactly("up.b:2");

            InternalClient client = hub.client();
            client.publish(message("down", "x"));
            client.publish(request("work", "r", "y"));
            assertThat(leaf.line()).isEqualTo("LMSG down 1");
            assertThat(leaf.line()).isEqualTo("x");
            assertThat(leaf.line()).isEqualTo("LMSG work + r q 1");
        }
        await().until(() -> !hub.account.hasInterest(Subject.of("down")));
        assertThat(listener.leafs().status()).isEmpty();
    }

    @Test
    void tellsTheLimitsOfItsUserAndClosesWhoeverPassesThem() {
        try (ScriptedPeer leaf = dial()) {
            leaf.line();
            leaf.send(connect("\"user\":\"limited\",\"pass\":\"secret\""));
            assertThat(json(leaf.line()))
                    .containsEntry(
                            "import",
                            Map.of("allow", List.of("from.hub.>", "_INBOX.>"), "deny", List.of("from.hub.secret")))
                    .containsEntry("export", Map.of("allow", List.of("to.hub.>"), "deny", List.of("to.hub.secret")));
            leaf.send("LS+ >\r\nLS+ a..b\r\n");
            assertThat(leaf.untilPong()).contains("-ERR 'Invalid Subscription'");
            InternalClient client = hub.client();
            client.publish(message("zzz", "1"));
            client.publish(message("from.hub.secret", "2"));
            client.publish(message("from.hub.1", "3"));
            assertThat(leaf.line()).isEqualTo("LMSG from.hub.1 1");
            assertThat(leaf.line()).isEqualTo("3");
            leaf.send("LS+ other.x\r\n");
            assertThat(leaf.untilClosed())
                    .isEqualTo("-ERR 'Permissions Violation for Subscription to \"other.x\"'\r\n");
        }
    }

    @Test
    void admitsOneAnswerToEachRequest() {
        hub.subscribe("inbox.1");
        try (ScriptedPeer leaf = joined("limited")) {
            leaf.send("LS+ from.hub.ask\r\n").untilPong();
            hub.client().publish(request("from.hub.ask", "inbox.1", "?"));
            leaf.lineWhere(l -> l.startsWith("LMSG from.hub.ask inbox.1"));
            leaf.send("LMSG inbox.1 1\r\n!\r\n").untilPong();
            leaf.send("LMSG inbox.1 1\r\n!\r\n");

            assertThat(leaf.untilClosed()).endsWith("-ERR 'Permissions Violation for Publish to \"inbox.1\"'\r\n");
        }
    }

    @Test
    void theNewerOfTwoConnectionsOfOneLeafStays() {
        try (ScriptedPeer old = joined("any");
                ScriptedPeer fresh = joined("any")) {
            assertThat(old.untilClosed()).endsWith("-ERR 'Duplicate Remote LeafNode Connection'\r\n");
            assertThat(fresh.untilPong()).doesNotContain("-ERR");
        }
    }

    @Test
    void leafsWithoutAnAccountNameBothLive() {
        String connect = connect("\"user\":\"any\",\"pass\":\"secret\"").replace("\"remote_account\":\"E\",", "");
        try (ScriptedPeer one = dial().send(connect);
                ScriptedPeer two = dial().send(connect)) {
            one.untilPong();
            two.untilPong();
            assertThat(one.untilPong()).isEmpty();
            assertThat(listener.leafs().status()).hasSize(2);
        }
    }

    @Test
    void leafsHearOfEachOtherUnlessIsolatedOrOfOneCluster() {
        String isolated =
                connect("\"user\":\"any\",\"pass\":\"secret\",\"isolate\":true").replace("edge", "iso");
        String sibling =
                connect("\"user\":\"any\",\"pass\":\"secret\"").replace("\"name\":\"edge\"", "\"name\":\"sib\"");
        String other = connect("\"user\":\"any\",\"pass\":\"secret\"").replace("edge", "other");
        try (ScriptedPeer edge = joined("any");
                ScriptedPeer iso = dial().send(isolated);
                ScriptedPeer sib = dial().send(sibling);
                ScriptedPeer third = dial().send(other)) {
            iso.untilPong();
            sib.untilPong();
            third.untilPong();
            edge.send("LS+ news\r\n").untilPong();
            assertThat(third.lineWhere(l -> !l.startsWith("LS+ $LDS"))).isEqualTo("LS+ news");
            assertThat(iso.untilPong()).doesNotContain("news");
            assertThat(sib.untilPong()).doesNotContain("news");

            third.send("LMSG news 1\r\nx\r\n");
            assertThat(edge.lineWhere(l -> l.startsWith("LMSG"))).isEqualTo("LMSG news 1");
        }
    }

    @Test
    void sharesOutByWeight() {
        String other = connect("\"user\":\"any\",\"pass\":\"secret\"").replace("edge", "other");
        try (ScriptedPeer edge = joined("any");
                ScriptedPeer third = dial().send(other)) {
            edge.send("LS+ jobs q 2\r\n").untilPong();
            third.send("LS+ jobs q 1\r\n").untilPong();
            InternalClient client = hub.client();
            for (int i = 0; i < 300; i++) {
                client.publish(message("jobs", "x"));
            }
            List<String> status = List.of("edge", "other");
            await().until(() -> outOf("edge") + outOf("other") == 300);
            assertThat(status).allSatisfy(name -> assertThat(outOf(name)).isGreaterThan(50));
            assertThat(outOf("edge")).isBetween(150L, 250L);
        }
    }

    private long outOf(String name) {
        return listener.leafs().status().stream()
                .filter(s -> s.name().equals(name))
                .mapToLong(s -> s.traffic().outMessages())
                .sum();
    }

    private ScriptedPeer dial() {
        return ScriptedPeer.dial(listener.address().getPort());
    }

    private ScriptedPeer joined(String user) {
        ScriptedPeer leaf = dial();
        leaf.line();
        leaf.send(connect("\"user\":\"" + user + "\",\"pass\":\"secret\""));
        assertThat(leaf.line()).contains("connect_info");
        return leaf;
    }

    private static String connect(String login) {
        return "CONNECT {\"version\":\"2.15.2\"," + login
                + ",\"server_id\":\"NB\",\"domain\":\"edge\",\"name\":\"edge\","
                + "\"cluster\":\"edge\",\"headers\":true,\"remote_account\":\"E\",\"protocol\":3}\r\n";
    }

    private static User user(String name, Proof proof, Permissions permissions) {
        return new User(name, "A", List.of(proof), permissions, Set.of());
    }

    private static Map<String, @Nullable Object> json(String line) {
        return Json.parseObject(line.substring(line.indexOf('{')).getBytes(StandardCharsets.UTF_8));
    }
}
