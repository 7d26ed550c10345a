package io.leafd.test.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.leafd.test.peer.JsonTree;
import io.leafd.test.peer.RawClient;
import io.leafd.test.setup.ServerSetup;
import org.junit.jupiter.api.Test;

/** The first words of a connection: INFO, CONNECT and its defaults, and the INFO that follows the first PONG. */
@Conformance
class GreetingIT {

    private static final ServerSetup OPEN = ServerSetup.open("greeting").option("max_payload", 2_048);
    private static final ServerSetup DOMAIN = ServerSetup.open("greeting-js").jetstream("shop");

    private final Brokers brokers;

    GreetingIT(Brokers brokers) {
        this.brokers = brokers;
    }

    @Test
    void infoComesFirstAndHasAllThatClientsNeed() {
        try (RawClient client = brokers.open(OPEN)) {
            JsonTree info = client.info();
            assertThat(info.text("server_id")).matches("N[A-Z2-7]{55}");
            assertThat(info.text("server_name")).isEqualTo("greeting");
            assertThat(info.text("version")).matches("\\d+\\.\\d+\\.\\d+.*");
            assertThat(info.number("proto")).isEqualTo(1);
            assertThat(info.text("go")).isNotEmpty();
            assertThat(info.text("host")).isEqualTo("127.0.0.1");
            assertThat(info.number("port")).isEqualTo(brokers.with(OPEN).clientPort());
            assertThat(info.isTrue("headers")).isTrue();
            assertThat(info.number("max_payload")).isEqualTo(2_048);
            assertThat(info.number("client_id")).isPositive();
            assertThat(info.text("client_ip")).isEqualTo("127.0.0.1");
            assertThat(info.keys("")).doesNotContain("auth_required", "tls_required", "nonce", "connect_info");
        }
    }

    @Test
    void everyConnectionHasItsOwnNumberAndTheServerOneIdentity() {
        try (RawClient one = brokers.open(OPEN);
                RawClient two = brokers.open(OPEN)) {
            JsonTree first = one.info();
            JsonTree second = two.info();
            assertThat(first.number("client_id")).isNotEqualTo(second.number("client_id"));
            assertThat(first.text("server_id")).isEqualTo(second.text("server_id"));
        }
    }

    @Test
    void infoNamesTheJetStreamDomain() {
        try (RawClient client = brokers.open(DOMAIN)) {
            JsonTree info = client.info();
            assertThat(info.isTrue("jetstream")).isTrue();
            assertThat(info.text("domain")).isEqualTo("shop");
        }
    }

    @Test
    void clientOfProtocolOneGetsASecondInfoAfterItsFirstPong() {
        try (RawClient client = brokers.open(OPEN)) {
            client.info();
            client.send("CONNECT {\"verbose\":false,\"pedantic\":false,\"protocol\":1}\r\nPING\r\n");
            assertThat(client.line()).isEqualTo("PONG");
            JsonTree info = client.info();
            assertThat(info.isTrue("connect_info")).isTrue();
            assertThat(info.text("remote_account")).isNotEmpty();
            assertThat(client.exchange("")).isEmpty();
        }
    }

    @Test
    void clientOfProtocolZeroNeverGetsASecondInfo() {
        try (RawClient client = brokers.open(OPEN)) {
            client.info();
            client.send(RawClient.CONNECT);
            assertThat(client.exchange("")).isEmpty();
            assertThat(client.exchange("")).isEmpty();
        }
    }

    @Test
    void verboseClientHasEachOperationConfirmedButPing() {
        try (RawClient client = brokers.open(OPEN)) {
            client.info();
            client.send(
                    "CONNECT {\"verbose\":true,\"pedantic\":false}\r\nPING\r\nSUB a 1\r\nPUB a 1\r\nx\r\nUNSUB 1\r\nUNSUB 77\r\nPING\r\n");
            assertThat(client.until("PONG\r\n") + client.until("PONG\r\n"))
                    .isEqualTo("+OK\r\n+OK\r\n+OK\r\nMSG a 1 1\r\nx\r\n+OK\r\n+OK\r\n");
        }
    }

    @Test
    void clientThatSaysNothingIsVerbosePedanticAndHearsItself() {
        try (RawClient client = brokers.open(OPEN)) {
            client.info();
            client.send("CONNECT {}\r\nSUB * 1\r\nPUB a 0\r\n\r\nPUB w.* 0\r\n\r\nPING\r\n");
            assertThat(client.until("PONG\r\n"))
                    .isEqualTo("+OK\r\n+OK\r\n+OK\r\nMSG a 1 0\r\n\r\n-ERR 'Invalid Publish Subject'\r\n+OK\r\n");
        }
    }

    @Test
    void operationsBeforeConnectHaveTheDefaults() {
        try (RawClient client = brokers.open(OPEN)) {
            client.info();
            client.send("SUB a 1\r\nPUB a 0\r\n\r\nPING\r\n");
            assertThat(client.until("PONG\r\n")).isEqualTo("+OK\r\n+OK\r\nMSG a 1 0\r\n\r\n");
        }
    }

    @Test
    void unknownKeysAndNullsInConnectAreIgnored() {
        try (RawClient client = brokers.open(OPEN)) {
            client.info();
            client.send(
                    "CONNECT {\"verbose\":false,\"pedantic\":false,\"name\":null,\"user\":null,\"mood\":{\"a\":[1]}}\r\n");
            assertThat(client.exchange("")).isEmpty();
        }
    }

    @Test
    void clientWithoutEchoDoesNotHearItself() {
        try (RawClient quiet = brokers.open(OPEN);
                RawClient other = brokers.connect(OPEN)) {
            quiet.info();
            quiet.send("CONNECT {\"verbose\":false,\"pedantic\":false,\"echo\":false}\r\n");
            other.exchange("SUB e 1\r\n");
            assertThat(quiet.exchange("SUB e 1\r\nPUB e 1\r\nx\r\n")).isEmpty();
            assertThat(other.until("x\r\n")).isEqualTo("MSG e 1 1\r\n");
            other.exchange("PUB e 1\r\ny\r\n");
            assertThat(quiet.until("y\r\n")).isEqualTo("MSG e 1 1\r\n");
        }
    }

    @Test
    void impossibleConnectsAreRefused() {
        assertRefused("{\"protocol\":5}", "invalid client protocol");
        assertRefused("{\"no_responders\":true}", "no responders requires headers support");
        assertRefused("{\"account\":\"X\"}", "Authorization Violation");
        assertRefused("{\"new_account\":true}", "Authorization Violation");
    }

    private void assertRefused(String connect, String error) {
        try (RawClient client = brokers.open(OPEN)) {
            client.info();
            String quiet = connect.replace("{", "{\"verbose\":false,");
            assertThat(client.send("CONNECT " + quiet + "\r\n").untilClosed())
                    .as(connect)
                    .isEqualTo("-ERR '" + error + "'\r\n");
        }
    }
}
