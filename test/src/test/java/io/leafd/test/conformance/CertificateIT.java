package io.leafd.test.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leafd.test.peer.JsonTree;
import io.leafd.test.peer.RawClient;
import io.leafd.test.peer.TestDirectory;
import io.leafd.test.setup.AccountSetup;
import io.leafd.test.setup.CertificateAuthority;
import io.leafd.test.setup.CertificateAuthority.Certified;
import io.leafd.test.setup.ServerSetup;
import io.leafd.test.setup.TlsSetup;
import io.leafd.test.setup.UserSetup;
import io.leafd.test.setup.UserSetup.Credential;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.bouncycastle.asn1.x509.GeneralName;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS after INFO and before it, and clients that are known by their certificates. */
@Conformance
class CertificateIT {

    private static final CertificateAuthority AUTHORITY = CertificateAuthority.in(TestDirectory.create("certificates"));
    private static final CertificateAuthority STRANGER = CertificateAuthority.in(TestDirectory.create("strangers"));
    private static final Certified SERVER = AUTHORITY.issueServer();
    private static final Certified DEVICE = AUTHORITY.issue("device", "CN=device");

    private static final ServerSetup PLAIN = ServerSetup.open("tls").tls(tls(false, false, false));
    private static final ServerSetup FIRST = ServerSetup.open("tls-first").tls(tls(false, false, true));
    private static final ServerSetup HASTY =
            ServerSetup.open("tls-hasty").tls(tls(false, false, false).within(1));
    private static final ServerSetup HASTY_FIRST =
            ServerSetup.open("tls-hasty-first").tls(tls(false, false, true).within(1));
    private static final ServerSetup VERIFIED = ServerSetup.open("tls-verified").tls(tls(true, false, false));
    private static final ServerSetup MAPPED = ServerSetup.open("tls-mapped")
            .tls(tls(true, true, false))
            .with(account("MAIL", "edge@example.com"))
            .with(account("DNS", "edge.example.com"))
            .with(account("URI", "spiffe://plant/edge"))
            .with(account("NAME", "CN=edge,OU=Hall 3,O=Plant"));

    private static final byte[] HALF_A_HELLO = {0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00};

    private final Brokers brokers;

    CertificateIT(Brokers brokers) {
        this.brokers = brokers;
    }

    @Test
    void handshakeFollowsInfo() {
        try (RawClient client = brokers.open(PLAIN)) {
            assertThat(client.info().isTrue("tls_required")).isTrue();
            client.upgrade(AUTHORITY.client(null)).send(RawClient.CONNECT);
            assertThat(client.exchange("SUB a 1\r\nPUB a 2\r\nhi\r\n")).isEqualTo("MSG a 1 2\r\nhi\r\n");
        }
    }

    @Test
    void handshakePrecedesInfo() {
        try (RawClient client = brokers.open(FIRST)) {
            client.upgrade(AUTHORITY.client(null));
            client.connect();
            assertThat(client.exchange("SUB a 1\r\nPUB a 2\r\nhi\r\n")).isEqualTo("MSG a 1 2\r\nhi\r\n");
        }
    }

    @Test
    void clientThatSpeaksPlainTextIsDropped() {
        try (RawClient client = brokers.open(PLAIN)) {
            client.info();
            assertThat(client.send(RawClient.CONNECT + "PING\r\n").untilClosed())
                    .doesNotContain("PONG");
        }
    }

    @Test
    void handshakeThatStopsInTheMiddleIsClosed() {
        for (ServerSetup setup : List.of(HASTY, HASTY_FIRST)) {
            try (RawClient client = brokers.open(setup)) {
                long startNs = System.nanoTime();
                client.send(HALF_A_HELLO).untilClosed();
                assertThat(Duration.ofNanos(System.nanoTime() - startNs))
                        .as(setup.name())
                        .isBetween(Duration.ofMillis(800), Duration.ofSeconds(4));
            }
        }
    }

    @Test
    void clientWithACertificateOfTheAuthorityIsTaken() {
        try (RawClient client = brokers.open(VERIFIED)) {
            JsonTree info = client.info();
            assertThat(info.isTrue("tls_required")).isTrue();
            assertThat(info.isTrue("tls_verify")).isTrue();
            client.upgrade(AUTHORITY.client(DEVICE)).send(RawClient.CONNECT);
            assertThat(client.exchange("")).isEmpty();
        }
    }

    @Test
    void clientWithoutACertificateOrWithAForeignOneIsRefused() {
        assertRefused(null);
        assertRefused(STRANGER.issue("foreign", "CN=device"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "MAIL mail dns uri CN=edge,OU=Hall 3,O=Plant",
                "MAIL mail CN=other",
                "DNS dns uri CN=edge,OU=Hall 3,O=Plant",
                "URI uri CN=edge,OU=Hall 3,O=Plant",
                "NAME CN=edge,OU=Hall 3,O=Plant",
                "NAME O=Plant,OU=Hall 3,CN=edge",
            })
    void firstNameOfTheCertificateThatIsAUserDecides(String text) {
        String[] words = text.split(" (?=mail|dns|uri|CN=|O=)");
        Certified shown = AUTHORITY.issue("mapped", words[words.length - 1], names(words));
        try (RawClient client = brokers.open(MAPPED)) {
            client.info();
            client.upgrade(AUTHORITY.client(shown));
            client.send("CONNECT {\"verbose\":false,\"protocol\":1}\r\nPING\r\n");
            assertThat(client.line()).isEqualTo("PONG");
            assertThat(client.line()).contains("\"remote_account\":\"" + words[0] + "\"");
        }
    }

    @Test
    void certificateThatNamesNobodyIsAViolation() {
        try (RawClient client = brokers.open(MAPPED)) {
            client.info();
            client.upgrade(AUTHORITY.client(DEVICE));
            assertThat(client.send(RawClient.CONNECT).untilClosed()).isEqualTo("-ERR 'Authorization Violation'\r\n");
        }
    }

    private void assertRefused(@Nullable Certified shown) {
        try (RawClient client = brokers.open(VERIFIED)) {
            client.info();
            assertThatThrownBy(() -> client.upgrade(AUTHORITY.client(shown)).connect(RawClient.CONNECT))
                    .isNotNull();
        }
    }

    private static GeneralName[] names(String[] words) {
        return Arrays.stream(words)
                .filter(word -> word.matches("mail|dns|uri"))
                .map(word -> switch (word) {
                    case "mail" -> new GeneralName(GeneralName.rfc822Name, "edge@example.com");
                    case "dns" -> new GeneralName(GeneralName.dNSName, "edge.example.com");
                    default -> new GeneralName(GeneralName.uniformResourceIdentifier, "spiffe://plant/edge");
                })
                .toArray(GeneralName[]::new);
    }

    private static AccountSetup account(String name, String subject) {
        return AccountSetup.account(name).with(UserSetup.of(new Credential.Certificate(subject)));
    }

    private static TlsSetup tls(boolean verify, boolean map, boolean first) {
        return new TlsSetup(SERVER.certificateFile(), SERVER.keyFile(), AUTHORITY.file(), verify, map, first);
    }
}
