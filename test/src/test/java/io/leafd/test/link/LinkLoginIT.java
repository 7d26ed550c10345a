package io.leafd.test.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.leafd.test.faults.AdminQuestion;
import io.leafd.test.peer.Deadline;
import io.leafd.test.peer.LeafdProcess;
import io.leafd.test.peer.NatsServer;
import io.leafd.test.peer.Ports;
import io.leafd.test.peer.RawClient;
import io.leafd.test.peer.Relay;
import io.leafd.test.peer.TestDirectory;
import io.leafd.test.setup.CertificateAuthority;
import io.leafd.test.setup.CertificateAuthority.Certified;
import io.leafd.test.setup.Identity;
import io.leafd.test.setup.Operator;
import io.nats.client.Connection;
import io.nats.client.Nats;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Every way in which leafd may log in at a real hub, over TCP, TLS and WebSocket, and what it says when it may not. */
class LinkLoginIT {

    private static final CertificateAuthority AUTHORITY =
            CertificateAuthority.in(TestDirectory.create("hub-authority"));
    private static final CertificateAuthority STRANGER = CertificateAuthority.in(TestDirectory.create("strangers"));
    private static final Certified HUB = AUTHORITY.issueServer();
    private static final Certified EDGE = AUTHORITY.issue("edge", "CN=edge,O=Plant");
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final List<NatsServer> started = new ArrayList<>();

    @AfterEach
    void stopHubs() {
        started.forEach(NatsServer::close);
    }

    @Test
    void userAndPassword() {
        assertLinked(hub("authorization { user: edge, password: s3cret }", ""), "nats", password());
    }

    @Test
    void nkey() {
        Identity edge = Identity.user();
        Hub hub = hub(
                "",
                "accounts { PLANT { users: [ { nkey: %s }, { user: watcher, password: w } ] } }\nno_auth_user: watcher\n"
                        .formatted(edge.publicKey()));
        assertLinked(hub, "nats", "nkey_seed_file = \"%s\"\n".formatted(secret("edge.nk", edge.seed())));
    }

    @Test
    void credentialsOfAnOperatorsAccount() throws IOException, InterruptedException {
        var operator = new Operator();
        Path creds = secret("edge.creds", operator.creds("edge"));
        Path watcher = secret("watcher.creds", operator.creds("watcher"));
        Hub hub = hub("", operator.config());
        try (LeafdProcess edge = start(hub, "nats", "credentials_file = \"%s\"\n".formatted(creds));
                Connection above = Nats.connect(
                        "nats://127.0.0.1:" + hub.server().clientPort(), Nats.credentials(watcher.toString()));
                Connection below = Nats.connect("nats://127.0.0.1:" + edge.clientPort())) {
            Programs.awaitCrossing(below, above, "up");
            Programs.awaitCrossing(above, below, "down");
        }
    }

    @Test
    void tlsWithTheHubsAuthority() {
        assertLinked(
                hub("authorization { user: edge, password: s3cret }, " + tls(false), ""), "tls", password() + ca());
    }

    @Test
    void tlsWithACertificateOnBothSides() {
        String mine = "cert_file = \"%s\"\nkey_file = \"%s\"\n".formatted(EDGE.certificateFile(), EDGE.keyFile());
        assertLinked(hub(tls(true), ""), "tls", ca() + mine);
    }

    @Test
    void webSocket() {
        assertLinked(hub("", "websocket { listen: \"127.0.0.1:%d\", no_tls: true }\n"), "ws", "");
    }

    @Test
    void webSocketOverTls() {
        assertLinked(hub("", "websocket { listen: \"127.0.0.1:%d\", " + tls(false) + " }\n"), "wss", ca());
    }

    @Test
    void aHubThatAnotherAuthoritySignedIsNotTrusted() {
        String login = "[upstream.hq.tls]\nca_file = \"%s\"\n".formatted(STRANGER.file());
        assertNotLinked(hub(tls(false), ""), "tls", login, "certificate");
    }

    @Test
    void aHubThatWantsACertificateAndGetsNoneSaysSo() {
        assertNotLinked(hub(tls(true), ""), "tls", ca(), "certificate");
    }

    @Test
    void aWrongPasswordIsSaid() {
        Hub hub = hub("authorization { user: edge, password: other }", "");
        assertNotLinked(hub, "nats", password(), "Authorization Violation");
    }

    @Test
    void everyByteIsCountedBelowTls() {
        assertCounted(hub(tls(false), ""), "tls", ca());
    }

    @Test
    void everyByteIsCountedBelowWebSocketAndTls() {
        assertCounted(hub("", "websocket { listen: \"127.0.0.1:%d\", " + tls(false) + " }\n"), "wss", ca());
    }

    /** What leafd takes from the budget is what passes on the way, handshakes and reconnects included. */
    private void assertCounted(Hub hub, String scheme, String login) {
        try (Relay network = Relay.to(scheme.equals("wss") ? hub.webSocketPort() : hub.leafPort());
                LeafdProcess edge = start(
                        new Hub(hub.server(), network.port(), network.port()),
                        scheme,
                        "budget = \"1GB/month\"\n" + login)) {
            for (int round = 0; round < 3; round++) {
                int connections = network.accepted();
                if (round > 0) {
                    network.cut();
                    Deadline.await("another connection", PATIENCE, () -> network.accepted() > connections);
                }
                try (RawClient above = RawClient.open(hub.server().clientPort()).connect(RawClient.CONNECT_HEADERS);
                        RawClient below = RawClient.open(edge.clientPort()).connect()) {
                    Site.awaitCrossing("up", below, above);
                    above.exchange("SUB bulk 1\r\n");
                    Site.awaitCrossing("ready", below, above);
                    for (int i = 0; i < 100; i++) {
                        below.send("PUB bulk 1000\r\n" + "x".repeat(1000) + "\r\n");
                    }
                    below.exchange("PUB bulk 4\r\nlast\r\n");
                    above.until("last\r\n");
                }
            }
            Deadline.await("the counts agree", PATIENCE, () -> {
                long passed = network.up().passedBytes();
                long spent = AdminQuestion.status(edge.directory().resolve("data"))
                        .number("answer.links.0.budget.spent_bytes");
                return passed > 300_000 && Math.abs(spent - passed) * 100 <= passed;
            });
        }
    }

    private void assertLinked(Hub hub, String scheme, String login) {
        try (LeafdProcess edge = start(hub, scheme, login)) {
            awaitLink(edge);
            try (RawClient above = RawClient.open(hub.server().clientPort()).connect(RawClient.CONNECT_HEADERS);
                    RawClient below = RawClient.open(edge.clientPort()).connect()) {
                Site.awaitCrossing("up", below, above);
                Site.awaitCrossing("down", above, below);
            }
        }
    }

    /** The reason is in the log and in the answer to {@code leafd status}; local clients are served. */
    private void assertNotLinked(Hub hub, String scheme, String login, String reason) {
        try (LeafdProcess edge = start(hub, scheme, login)) {
            Deadline.await(
                    "the reason in the log", PATIENCE, () -> edge.logText().contains("link can't connect"));
            assertThat(edge.logText().lines().filter(line -> line.contains("link can't connect")))
                    .first()
                    .asString()
                    .containsIgnoringCase(reason);
            try (RawClient client = RawClient.open(edge.clientPort()).connect()) {
                assertThat(client.exchange("SUB a 1\r\nPUB a 2\r\nhi\r\n")).isEqualTo("MSG a 1 2\r\nhi\r\n");
            }
            assertThat(edge.logText()).doesNotContain("link connected").doesNotContain("s3cret");
        }
    }

    private static void awaitLink(LeafdProcess edge) {
        Deadline.await("the link", PATIENCE, () -> edge.logText().contains("link connected"));
    }

    private Hub hub(String leafnodes, String more) {
        int leafPort = Ports.free();
        int webSocketPort = Ports.free();
        String config = "server_name: HUB\nleafnodes { listen: \"127.0.0.1:%d\", %s }\n".formatted(leafPort, leafnodes)
                + more.replace("%d", Integer.toString(webSocketPort));
        return new Hub(NatsServer.of(TestDirectory.create("hub"), Ports.free(), config), leafPort, webSocketPort);
    }

    private LeafdProcess start(Hub hub, String scheme, String login) {
        started.add(hub.server());
        hub.server().start();
        Path directory = TestDirectory.create("edge");
        int clientPort = Ports.free();
        LeafdProcess edge = LeafdProcess.of(directory, clientPort, """
                [server]
                name = "edge"
                listen = "127.0.0.1:%d"
                data_dir = "%s/data"

                [upstream.hq]
                urls = ["%s://localhost:%d"]
                %s
                """.formatted(
                clientPort, directory, scheme, scheme.startsWith("ws") ? hub.webSocketPort() : hub.leafPort(), login));
        edge.start();
        return edge;
    }

    private String password() {
        return "user = \"edge\"\npassword_file = \"%s\"\n".formatted(secret("edge.pw", "s3cret\n"));
    }

    private static String ca() {
        return "[upstream.hq.tls]\nca_file = \"%s\"\n".formatted(AUTHORITY.file());
    }

    private static String tls(boolean verify) {
        return "tls { cert_file: \"%s\", key_file: \"%s\", ca_file: \"%s\", verify: %b }"
                .formatted(HUB.certificateFile(), HUB.keyFile(), AUTHORITY.file(), verify);
    }

    private static Path secret(String name, String content) {
        return TestDirectory.secret(TestDirectory.create("secrets").resolve(name), content);
    }

    private record Hub(NatsServer server, int leafPort, int webSocketPort) {}
}
