package io.leafd.test.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.leafd.test.peer.RawClient;
import io.leafd.test.peer.ServerProcess;
import io.leafd.test.setup.AccountSetup;
import io.leafd.test.setup.ServerSetup;
import io.leafd.test.setup.UserSetup;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** How a server finds out that nobody is there, and how it says goodbye. */
@Conformance
class LivenessIT {

    private static final ServerSetup IMPATIENT =
            ServerSetup.open("liveness").option("ping_interval", "1s").option("ping_max", 2);
    private static final ServerSetup CLOSED =
            ServerSetup.open("liveness-auth").with(AccountSetup.account("A").with(UserSetup.user("u", "secret-1")));
    private static final ServerSetup CLOSED_SOON = CLOSED.option("auth_timeout", "500ms");
    private static final ServerSetup LAME = ServerSetup.open("liveness-lame")
            .option("lame_duck_duration", "30s")
            .option("lame_duck_grace_period", "500ms");

    private final Brokers brokers;

    LivenessIT(Brokers brokers) {
        this.brokers = brokers;
    }

    @Test
    void clientThatDoesNotAnswerPingsIsStale() {
        try (RawClient client = brokers.connect(IMPATIENT)) {
            assertThat(client.untilClosed()).isEqualTo("PING\r\nPING\r\n-ERR 'Stale Connection'\r\n");
        }
    }

    @Test
    void connectionThatNeverSaysConnectIsStaleToo() {
        for (String words : new String[] {"", "CONNECT {\"user\":\"g"}) {
            try (RawClient client = brokers.open(IMPATIENT)) {
                client.info();
                assertThat(client.send(words).untilClosed())
                        .as(words)
                        .isEqualTo("PING\r\nPING\r\n-ERR 'Stale Connection'\r\n");
            }
        }
    }

    @Test
    void clientThatAnswersPingsStays() {
        try (RawClient client = brokers.connect(IMPATIENT)) {
            for (int i = 0; i < 4; i++) {
                assertThat(client.line()).isEqualTo("PING");
                client.send("PONG\r\n");
            }
        }
    }

    @Test
    void clientThatDoesNotLogInIsClosedAfterTwoSeconds() {
        try (RawClient client = brokers.open(CLOSED)) {
            client.info();
            long startNs = System.nanoTime();
            assertThat(client.untilClosed()).isEqualTo("-ERR 'Authentication Timeout'\r\n");
            assertThat(Duration.ofNanos(System.nanoTime() - startNs))
                    .isBetween(Duration.ofMillis(1_700), Duration.ofSeconds(4));
        }
    }

    @Test
    void loginTimeoutIsConfigurable() {
        try (RawClient client = brokers.open(CLOSED_SOON)) {
            client.info();
            long startNs = System.nanoTime();
            assertThat(client.untilClosed()).isEqualTo("-ERR 'Authentication Timeout'\r\n");
            assertThat(Duration.ofNanos(System.nanoTime() - startNs))
                    .isBetween(Duration.ofMillis(400), Duration.ofMillis(1_900));
        }
    }

    @Test
    void anythingButConnectBeforeLoginIsAViolation() {
        for (String line : new String[] {"PING", "SUB a 1", "PUB a 0\r\n", "FOO"}) {
            try (RawClient client = brokers.open(CLOSED)) {
                client.info();
                assertThat(client.send(line + "\r\n").untilClosed())
                        .as(line)
                        .isEqualTo("-ERR 'Authorization Violation'\r\n");
            }
        }
    }

    @Test
    void lameDuckTellsClientsOfProtocolOneAndClosesAllWithoutAWord() {
        ServerProcess server = brokers.own(LAME);
        try (RawClient modern = RawClient.open(server.clientPort());
                RawClient old = RawClient.open(server.clientPort()).connect()) {
            modern.info();
            modern.send("CONNECT {\"verbose\":false,\"pedantic\":false,\"protocol\":1}\r\nPING\r\n");
            assertThat(modern.line()).isEqualTo("PONG");
            modern.info();

            server.signal(brokers.kind() == ServerUnderTest.LEAFD ? "TERM" : "USR2");

            assertThat(modern.line()).startsWith("INFO {").contains("\"ldm\":true");
            assertThat(words(modern.untilClosed())).isEmpty();
            assertThat(words(old.untilClosed())).isEmpty();
            assertThat(server.awaitEnd()).isIn(0, 143); // 143: a JVM that closed in order after SIGTERM
        }
    }

    /** What was said, but for the keep-alive of a connection that is some seconds old. */
    private static String words(String said) {
        return said.replaceAll("PING\\r?\\n", "");
    }
}
