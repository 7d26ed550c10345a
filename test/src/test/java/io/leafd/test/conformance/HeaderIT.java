package io.leafd.test.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.leafd.test.peer.RawClient;
import io.leafd.test.setup.ServerSetup;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Headers pass through byte by byte, and a request that nobody hears is answered. */
@Conformance
class HeaderIT {

    private static final ServerSetup OPEN = ServerSetup.open("header");

    private final Brokers brokers;

    HeaderIT(Brokers brokers) {
        this.brokers = brokers;
    }

    @Test
    void headersPassUnchanged() {
        try (RawClient client = brokers.open(OPEN).connect(RawClient.CONNECT_HEADERS)) {
            String headers = "NATS/1.0\r\nkey: v1\r\nKey:v2\r\nKEY:  v 3 \r\n\r\n";
            String sizes = headers.length() + " " + (headers.length() + 2);
            assertThat(client.exchange("SUB a 1\r\nHPUB a r " + sizes + "\r\n" + headers + "hi\r\n"))
                    .isEqualTo("HMSG a 1 r " + sizes + "\r\n" + headers + "hi\r\n");
        }
    }

    @Test
    void headersAreNotLookedInto() {
        try (RawClient client = brokers.open(OPEN).connect(RawClient.CONNECT_HEADERS)) {
            assertThat(client.exchange("SUB a 1\r\nHPUB a 2 3\r\nabc\r\n")).isEqualTo("HMSG a 1 2 3\r\nabc\r\n");
        }
    }

    @Test
    void headersWithoutPayload() {
        try (RawClient client = brokers.open(OPEN).connect(RawClient.CONNECT_HEADERS)) {
            assertThat(client.exchange("SUB a 1\r\nHPUB a 18 18\r\nNATS/1.0\r\nA: b\r\n\r\n\r\n"))
                    .isEqualTo("HMSG a 1 18 18\r\nNATS/1.0\r\nA: b\r\n\r\n\r\n");
        }
    }

    @Test
    void headersOfNoLengthAreNoHeaders() {
        try (RawClient client = brokers.open(OPEN).connect(RawClient.CONNECT_HEADERS)) {
            assertThat(client.exchange("SUB a 1\r\nHPUB a 0 2\r\nhi\r\n")).isEqualTo("MSG a 1 2\r\nhi\r\n");
        }
    }

    @Test
    void receiverWithoutHeadersGetsThePayloadAlone() {
        try (RawClient plain = brokers.connect(OPEN);
                RawClient publisher = brokers.open(OPEN).connect(RawClient.CONNECT_HEADERS)) {
            plain.exchange("SUB a 1\r\n");
            publisher.exchange(
                    "HPUB a r 18 20\r\nNATS/1.0\r\nA: b\r\n\r\nhi\r\nHPUB a 18 18\r\nNATS/1.0\r\nA: b\r\n\r\n\r\n");
            assertThat(plain.exactly("MSG a 1 r 2\r\nhi\r\nMSG a 1 0\r\n\r\n".length()))
                    .isEqualTo("MSG a 1 r 2\r\nhi\r\nMSG a 1 0\r\n\r\n");
        }
    }

    @ParameterizedTest
    @CsvSource({"x, 33", "nobody, 38", "nobody.here, 43"})
    void requestThatNobodyHearsIsAnswered(String subject, int length) {
        try (RawClient client = brokers.open(OPEN).connect(RawClient.CONNECT_HEADERS)) {
            assertThat(client.exchange("SUB _INBOX.a 9\r\nPUB " + subject + " _INBOX.a 0\r\n\r\n"))
                    .isEqualTo("HMSG _INBOX.a 9 %d %d\r\nNATS/1.0 503\r\nNats-Subject: %s\r\n\r\n\r\n"
                            .formatted(length, length, subject));
        }
    }

    @Test
    void requestThatNobodyHearsIsAnsweredOverAWildcardSubscription() {
        try (RawClient client = brokers.open(OPEN).connect(RawClient.CONNECT_HEADERS)) {
            assertThat(client.exchange("SUB _INBOX.x.* 3\r\nPUB no _INBOX.x.1 2\r\nhi\r\n"))
                    .isEqualTo("HMSG _INBOX.x.1 3 34 34\r\nNATS/1.0 503\r\nNats-Subject: no\r\n\r\n\r\n");
        }
    }

    @Test
    void requestWhoseReplyIsNotSubscribedHereIsNotAnswered() {
        try (RawClient client = brokers.open(OPEN).connect(RawClient.CONNECT_HEADERS);
                RawClient other = brokers.open(OPEN).connect(RawClient.CONNECT_HEADERS)) {
            other.exchange("SUB _INBOX.b 1\r\n");
            assertThat(client.exchange("PUB nobody _INBOX.b 0\r\n\r\n")).isEmpty();
            assertThat(other.exchange("")).isEmpty();
        }
    }

    @Test
    void requestOfAClientThatDidNotAskForItIsNotAnswered() {
        try (RawClient client = brokers.connect(OPEN)) {
            assertThat(client.exchange("SUB _INBOX.c 1\r\nPUB nobody _INBOX.c 0\r\n\r\n"))
                    .isEmpty();
        }
    }

    @Test
    void requestThatOnlyTheRequesterWithoutEchoCouldHearIsAnswered() {
        try (RawClient client = brokers.open(OPEN)) {
            client.connect(
                    "CONNECT {\"verbose\":false,\"pedantic\":false,\"echo\":false,\"headers\":true,\"no_responders\":true}\r\n");
            assertThat(client.exchange("SUB me 1\r\nSUB _INBOX.d 2\r\nPUB me _INBOX.d 0\r\n\r\n"))
                    .isEqualTo("HMSG _INBOX.d 2 34 34\r\nNATS/1.0 503\r\nNats-Subject: me\r\n\r\n\r\n");
        }
    }

    @Test
    void requestThatAQueueGroupHearsIsNotAnsweredByTheServer() {
        try (RawClient client = brokers.open(OPEN).connect(RawClient.CONNECT_HEADERS);
                RawClient worker = brokers.connect(OPEN)) {
            worker.exchange("SUB job workers 1\r\n");
            assertThat(client.exchange("SUB _INBOX.e 2\r\nPUB job _INBOX.e 0\r\n\r\n"))
                    .isEmpty();
            assertThat(worker.exchange("")).isEqualTo("MSG job 1 _INBOX.e 0\r\n\r\n");
        }
    }
}
