package io.leafd.test.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.leafd.test.peer.Deadline;
import io.leafd.test.peer.RawClient;
import io.leafd.test.peer.ServerProcess;
import io.leafd.test.setup.ServerSetup;
import org.junit.jupiter.api.Test;

/** What happens at each limit and one beyond it. */
@Conformance
class LimitIT {

    private static final ServerSetup SMALL =
            ServerSetup.open("limit").option("max_payload", 1_024).option("max_subscriptions", 10);
    private static final ServerSetup SHORT_LINES =
            ServerSetup.open("limit-line").option("max_control_line", 512);
    private static final ServerSetup THREE_CONNECTIONS =
            ServerSetup.open("limit-connections").option("max_connections", 3);
    private static final ServerSetup LITTLE_PENDING =
            ServerSetup.open("limit-pending").option("max_pending", 1_048_576).option("max_payload", 65_536);

    private final Brokers brokers;

    LimitIT(Brokers brokers) {
        this.brokers = brokers;
    }

    @Test
    void payloadOfExactlyTheLimitPasses() {
        try (RawClient client = brokers.connect(SMALL)) {
            String payload = "p".repeat(1_024);
            assertThat(client.exchange("SUB a 1\r\nPUB a 1024\r\n" + payload + "\r\n"))
                    .isEqualTo("MSG a 1 1024\r\n" + payload + "\r\n");
        }
    }

    @Test
    void payloadOneByteOverTheLimitClosesBeforeItIsSent() {
        try (RawClient client = brokers.connect(SMALL)) {
            assertThat(client.send("PUB a 1025\r\n").untilClosed()).isEqualTo("-ERR 'Maximum Payload Violation'\r\n");
        }
    }

    @Test
    void headersCountAsPayload() {
        String headers = "NATS/1.0\r\nA: b\r\n\r\n";
        try (RawClient client = brokers.open(SMALL).connect(RawClient.CONNECT_HEADERS)) {
            String payload = headers + "p".repeat(1_024 - headers.length());
            assertThat(client.exchange("SUB a 1\r\nHPUB a 18 1024\r\n" + payload + "\r\n"))
                    .isEqualTo("HMSG a 1 18 1024\r\n" + payload + "\r\n");
            assertThat(client.send("HPUB a 18 1025\r\n").untilClosed())
                    .isEqualTo("-ERR 'Maximum Payload Violation'\r\n");
        }
    }

    @Test
    void eleventhSubscriptionIsRefusedAndTheConnectionStays() {
        try (RawClient client = brokers.connect(SMALL)) {
            StringBuilder ten = new StringBuilder();
            for (int i = 0; i < 10; i++) {
                ten.append("SUB s.").append(i).append(" ").append(i).append("\r\n");
            }
            assertThat(client.exchange(ten.toString())).isEmpty();
            assertThat(client.exchange("SUB eleventh 11\r\n")).isEqualTo("-ERR 'maximum subscriptions exceeded'\r\n");
            assertThat(client.exchange("PUB s.9 0\r\n\r\nPUB eleventh 0\r\n\r\n"))
                    .isEqualTo("MSG s.9 9 0\r\n\r\n");
            assertThat(client.exchange("UNSUB 0\r\nSUB eleventh 11\r\nPUB eleventh 0\r\n\r\n"))
                    .isEqualTo("MSG eleventh 11 0\r\n\r\n");
        }
    }

    @Test
    void controlLineLimitIsConfigurable() {
        try (RawClient fits = brokers.connect(SHORT_LINES);
                RawClient exceeds = brokers.connect(SHORT_LINES)) {
            assertThat(fits.exchange("SUB " + "a".repeat(510) + " 1\r\n")).isEmpty();
            assertThat(exceeds.send("SUB " + "a".repeat(511) + " 1\r\n").untilClosed())
                    .isEqualTo("-ERR 'maximum control line exceeded'\r\n");
        }
    }

    @Test
    void connectionBeyondTheMaximumIsTurnedAwayAndItsPlaceIsFreeAgain() {
        ServerProcess server = brokers.own(THREE_CONNECTIONS);
        try (RawClient one = RawClient.open(server.clientPort()).connect();
                RawClient two = RawClient.open(server.clientPort()).connect()) {
            try (RawClient three = RawClient.open(server.clientPort()).connect();
                    RawClient four = RawClient.open(server.clientPort())) {
                four.info();
                assertThat(four.untilClosed()).isEqualTo("-ERR 'maximum connections exceeded'\r\n");
                assertThat(three.exchange("")).isEmpty();
            }
            Deadline.await("a place after one left", Deadline.ANSWER, () -> {
                try (RawClient next = RawClient.open(server.clientPort())) {
                    next.info();
                    return next.send("PING\r\n").line().equals("PONG");
                }
            });
            assertThat(one.exchange("") + two.exchange("")).isEmpty();
        }
    }

    @Test
    void slowReaderIsCutOffWithoutAWordAndOthersDoNotNotice() {
        int port = brokers.with(LITTLE_PENDING).clientPort();
        String payload = "f".repeat(60_000);
        try (RawClient slow = RawClient.open(port, 4_096).connect();
                RawClient quick = RawClient.open(port).connect();
                RawClient publisher = RawClient.open(port).connect()) {
            slow.exchange("SUB flood 1\r\n");
            quick.exchange("SUB flood.end 1\r\n");
            for (int i = 0; i < 400; i++) { // 24 MB: far more than the bound and the kernel's buffers hold
                publisher.exchange("PUB flood 60000\r\n" + payload + "\r\n");
            }
            publisher.exchange("PUB flood.end 2\r\nok\r\n");
            assertThat(quick.until("ok\r\n")).isEqualTo("MSG flood.end 1 2\r\n");
            assertThat(slow.untilClosed()).doesNotContain("-ERR").startsWith("MSG flood 1 60000\r\n");
        }
    }
}
