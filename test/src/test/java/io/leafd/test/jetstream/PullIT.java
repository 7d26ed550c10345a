package io.leafd.test.jetstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.leafd.test.conformance.Brokers;
import io.leafd.test.conformance.Conformance;
import io.leafd.test.peer.Deadline;
import io.leafd.test.peer.RawClient;
import io.leafd.test.setup.ServerSetup;
import io.nats.client.Message;
import io.nats.client.Subscription;
import java.time.Duration;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** Pull requests: how many messages they bring, and the status with which each kind ends. */
@Conformance
class PullIT {

    private static final ServerSetup SETUP = ServerSetup.open("pull").jetstream("shop");

    private final Brokers brokers;

    PullIT(Brokers brokers) {
        this.brokers = brokers;
    }

    @Test
    void batchNumberAndEmptyRequests() {
        try (JetStream js = JetStream.of(brokers.with(SETUP))) {
            prepare(js, "BATCH", 6);
            Subscription inbox = js.inbox();
            pull(js, "BATCH", inbox, "");
            assertTexts(inbox, "1");
            pull(js, "BATCH", inbox, "2");
            assertTexts(inbox, "2", "3");
            pull(js, "BATCH", inbox, "{\"batch\":3}");
            assertTexts(inbox, "4", "5", "6");
            js.fence();
            assertThat(inbox.getPendingMessageCount()).isZero();
        }
    }

    @Test
    void deliveryIsTheStoredMessageWithAnAckSubject() {
        try (JetStream js = JetStream.of(brokers.with(SETUP));
                RawClient raw = brokers.open(SETUP).connect(RawClient.CONNECT_HEADERS)) {
            prepare(js, "FRAME", 2);
            js.stored(3, "frame.x", "hi", "A", "b");
            await().until(() ->
                    js.consumerInfo("FRAME", "c").number("num_pending") == 3); // nats-server counts a little later
            raw.send("SUB in.raw 7\r\nPUB $JS.API.CONSUMER.MSG.NEXT.FRAME.c in.raw 1\r\n3\r\n");
            assertThat(raw.line()).matches("MSG frame\\.1 7 \\$JS\\.ACK\\.FRAME\\.c\\.1\\.1\\.1\\.\\d{19}\\.2 1");
            raw.line();
            assertThat(raw.line()).matches("MSG frame\\.2 7 \\$JS\\.ACK\\.FRAME\\.c\\.1\\.2\\.2\\.\\d{19}\\.1 1");
            raw.line();
            assertThat(raw.line()).matches("HMSG frame\\.x 7 \\$JS\\.ACK\\.FRAME\\.c\\.1\\.3\\.3\\.\\d{19}\\.0 17 19");
            assertThat(raw.exactly("NATS/1.0\r\nA:b\r\n\r\nhi\r\n".length()))
                    .isEqualTo("NATS/1.0\r\nA:b\r\n\r\nhi\r\n");
        }
    }

    @Test
    void requestThatDoesNotWaitEndsWith404() {
        try (JetStream js = JetStream.of(brokers.with(SETUP))) {
            prepare(js, "NOWAIT", 2);
            Subscription inbox = js.inbox();
            pull(js, "NOWAIT", inbox, "{\"batch\":5,\"no_wait\":true}");
            assertTexts(inbox, "1", "2");
            assertThat(JetStream.status(JetStream.next(inbox))).isEqualTo("404 No Messages");
            pull(js, "NOWAIT", inbox, "{\"batch\":5,\"no_wait\":true}");
            assertThat(JetStream.status(JetStream.next(inbox))).isEqualTo("404 No Messages");
        }
    }

    @Test
    void requestThatExpiresEndsWith408AndWhatItLacked() {
        try (JetStream js = JetStream.of(brokers.with(SETUP))) {
            prepare(js, "EXPIRE", 1);
            Subscription inbox = js.inbox();
            long startNs = System.nanoTime();
            pull(js, "EXPIRE", inbox, "{\"batch\":4,\"expires\":500000000}");
            assertTexts(inbox, "1");
            Message status = JetStream.next(inbox);
            assertThat(JetStream.status(status)).isEqualTo("408 Request Timeout");
            assertThat(status.getHeaders().getFirst("Nats-Pending-Messages")).isEqualTo("3");
            assertThat(status.getHeaders().getFirst("Nats-Pending-Bytes")).isEqualTo("0");
            assertThat(Duration.ofNanos(System.nanoTime() - startNs))
                    .isBetween(Duration.ofMillis(450), Duration.ofSeconds(5));
        }
    }

    @Test
    void requestThatDoesNotWaitButExpiresWaitsForTheFirst() {
        try (JetStream js = JetStream.of(brokers.with(SETUP))) {
            prepare(js, "BOTH", 0);
            Subscription inbox = js.inbox();
            pull(js, "BOTH", inbox, "{\"batch\":5,\"no_wait\":true,\"expires\":300000000}");
            assertThat(JetStream.status(JetStream.next(inbox))).isEqualTo("408 Request Timeout");
            pull(js, "BOTH", inbox, "{\"batch\":5,\"no_wait\":true,\"expires\":5000000000}");
            js.stored(1, "both.1", "1");
            assertTexts(inbox, "1");
        }
    }

    @Test
    void waitingRequestGetsWhatIsPublishedLater() {
        try (JetStream js = JetStream.of(brokers.with(SETUP))) {
            prepare(js, "LATER", 0);
            Subscription inbox = js.inbox();
            pull(js, "LATER", inbox, "{\"batch\":2,\"expires\":10000000000}");
            js.stored(1, "later.1", "1");
            assertTexts(inbox, "1");
            js.stored(2, "later.2", "2");
            assertTexts(inbox, "2");
        }
    }

    @Test
    void heartbeatsComeWhileNothingDoes() {
        try (JetStream js = JetStream.of(brokers.with(SETUP))) {
            prepare(js, "BEAT", 0);
            Subscription inbox = js.inbox();
            pull(js, "BEAT", inbox, "{\"batch\":1,\"expires\":1000000000,\"idle_heartbeat\":200000000}");
            int beats = 0;
            Message message = JetStream.next(inbox);
            while (JetStream.status(message).equals("100 Idle Heartbeat")) {
                assertThat(message.getHeaders().keySet()).contains("Nats-Last-Consumer", "Nats-Last-Stream");
                beats++;
                message = JetStream.next(inbox);
            }
            assertThat(JetStream.status(message)).isEqualTo("408 Request Timeout");
            assertThat(beats).isBetween(2, 5);
        }
    }

    @Test
    void heartbeatLongerThanHalfTheRequestIsRefused() {
        try (JetStream js = JetStream.of(brokers.with(SETUP))) {
            prepare(js, "SLOWBEAT", 0);
            Subscription inbox = js.inbox();
            pull(js, "SLOWBEAT", inbox, "{\"batch\":1,\"expires\":1000000000,\"idle_heartbeat\":600000000}");
            assertThat(JetStream.status(JetStream.next(inbox)))
                    .isEqualTo("400 Bad Request - heartbeat value too large");
        }
    }

    @Test
    void malformedRequestIsRefused() {
        try (JetStream js = JetStream.of(brokers.with(SETUP))) {
            prepare(js, "MALFORMED", 0);
            Subscription inbox = js.inbox();
            pull(js, "MALFORMED", inbox, "{\"batch\":");
            assertThat(JetStream.status(JetStream.next(inbox))).startsWith("400 Bad Request");
        }
    }

    @Test
    void sizeOfARequestIsBounded() {
        try (JetStream js = JetStream.of(brokers.with(SETUP))) {
            js.stream("BYTES", "\"subjects\":[\"bytes\"]");
            js.consumer("BYTES", "c", "\"ack_policy\":\"explicit\"");
            js.stored(1, "bytes", "x".repeat(1_000));
            js.stored(2, "bytes", "x".repeat(1_000));
            Subscription inbox = js.inbox();
            pull(js, "BYTES", inbox, "{\"batch\":5,\"max_bytes\":1500,\"expires\":5000000000}");
            assertThat(JetStream.next(inbox).getData()).hasSize(1_000);
            Message status = JetStream.next(inbox);
            assertThat(JetStream.status(status)).isEqualTo("409 Message Size Exceeds MaxBytes");
            assertThat(status.getHeaders().getFirst("Nats-Pending-Messages")).isEqualTo("4");
            pull(js, "BYTES", inbox, "{\"batch\":5,\"max_bytes\":10,\"expires\":5000000000}");
            assertThat(JetStream.status(JetStream.next(inbox))).isEqualTo("409 Message Size Exceeds MaxBytes");
        }
    }

    @Test
    void limitsOfTheConsumerAreTold() {
        try (JetStream js = JetStream.of(brokers.with(SETUP))) {
            js.stream("LIMITS", "\"subjects\":[\"limits\"]");
            js.consumer(
                    "LIMITS",
                    "c",
                    "\"ack_policy\":\"explicit\",\"max_batch\":5,\"max_expires\":2000000000,\"max_bytes\":500,\"max_waiting\":1");
            Subscription inbox = js.inbox();
            pull(js, "LIMITS", inbox, "6");
            assertThat(JetStream.status(JetStream.next(inbox))).isEqualTo("409 Exceeded MaxRequestBatch of 5");
            pull(js, "LIMITS", inbox, "{\"batch\":1,\"expires\":3000000000}");
            assertThat(JetStream.status(JetStream.next(inbox))).isEqualTo("409 Exceeded MaxRequestExpires of 2s");
            pull(js, "LIMITS", inbox, "{\"batch\":1,\"max_bytes\":501,\"expires\":1000000000}");
            assertThat(JetStream.status(JetStream.next(inbox))).isEqualTo("409 Exceeded MaxRequestMaxBytes of 500");
            pull(js, "LIMITS", inbox, "{\"batch\":1,\"expires\":1000000000}");
            pull(js, "LIMITS", inbox, "{\"batch\":1,\"expires\":1000000000}");
            assertThat(JetStream.status(JetStream.next(inbox))).isEqualTo("409 Exceeded MaxWaiting");
        }
    }

    @Test
    void waitingRequestsLearnThatTheConsumerOrTheStreamIsDeleted() {
        try (JetStream js = JetStream.of(brokers.with(SETUP))) {
            prepare(js, "DELETED", 0);
            js.consumer("DELETED", "other", "\"ack_policy\":\"explicit\"");
            Subscription inbox = js.inbox();
            Subscription other = js.inbox();
            pull(js, "DELETED", inbox, "{\"batch\":1,\"expires\":30000000000}");
            js.send(
                    "$JS.API.CONSUMER.MSG.NEXT.DELETED.other",
                    other.getSubject(),
                    "{\"batch\":1,\"expires\":30000000000}");
            Deadline.await("the requests to wait", Deadline.ANSWER, () -> waits(js, "c") && waits(js, "other"));
            js.ok("CONSUMER.DELETE.DELETED.c", "");
            assertThat(JetStream.status(JetStream.next(inbox))).isEqualTo("409 Consumer Deleted");
            js.ok("STREAM.DELETE.DELETED", "");
            assertThat(JetStream.status(JetStream.next(other))).isEqualTo("409 Consumer Deleted");
        }
    }

    @Test
    void unknownConsumerIsServedByNobodyAndAPushConsumerIsNotPulled() {
        try (JetStream js = JetStream.of(brokers.with(SETUP))) {
            js.stream("KINDS", "\"subjects\":[\"kinds\"]");
            assertThat(js.request("$JS.API.CONSUMER.MSG.NEXT.KINDS.none", "1")
                            .getStatus()
                            .getCode())
                    .isEqualTo(503);
            js.consumer("KINDS", "push", "\"deliver_subject\":\"kinds.to\",\"inactive_threshold\":60000000000");
            assertThat(JetStream.status(js.request("$JS.API.CONSUMER.MSG.NEXT.KINDS.push", "1")))
                    .isEqualTo("409 Consumer is push based");
        }
    }

    @Test
    void openRequestsAreServedInTurn() {
        try (JetStream js = JetStream.of(brokers.with(SETUP))) {
            prepare(js, "TURN", 0);
            Subscription one = js.inbox();
            Subscription two = js.inbox();
            pull(js, "TURN", one, "{\"batch\":2,\"expires\":10000000000}");
            pull(js, "TURN", two, "{\"batch\":2,\"expires\":10000000000}");
            js.fence();
            for (int seq = 1; seq <= 4; seq++) {
                js.stored(seq, "turn." + seq, Integer.toString(seq));
            }
            assertTexts(one, "1", "3");
            assertTexts(two, "2", "4");
        }
    }

    @Test
    void headersOnlyConsumerTellsTheSize() {
        try (JetStream js = JetStream.of(brokers.with(SETUP))) {
            js.stream("HEAD", "\"subjects\":[\"head\"]");
            js.consumer("HEAD", "c", "\"ack_policy\":\"explicit\",\"headers_only\":true");
            js.stored(1, "head", "twelve bytes", "A", "b");
            Subscription inbox = js.inbox();
            pull(js, "HEAD", inbox, "1");
            Message message = JetStream.next(inbox);
            assertThat(message.getData()).isEmpty();
            assertThat(message.getHeaders().getFirst("Nats-Msg-Size")).isEqualTo("12");
            assertThat(message.getHeaders().getFirst("A")).isEqualTo("b");
        }
    }

    /** A stream with as many messages, numbered from 1, and a consumer {@code c}. */
    private static void prepare(JetStream js, String stream, int messages) {
        String prefix = stream.toLowerCase(Locale.ROOT) + ".";
        js.stream(stream, "\"subjects\":[\"" + prefix + ">\"]");
        js.consumer(stream, "c", "\"ack_policy\":\"explicit\"");
        for (int seq = 1; seq <= messages; seq++) {
            js.stored(seq, prefix + seq, Integer.toString(seq));
        }
    }

    private static void pull(JetStream js, String stream, Subscription inbox, String request) {
        js.send("$JS.API.CONSUMER.MSG.NEXT." + stream + ".c", inbox.getSubject(), request);
    }

    private static void assertTexts(Subscription inbox, String... texts) {
        for (String text : texts) {
            assertThat(JetStream.text(JetStream.next(inbox))).isEqualTo(text);
        }
    }

    /** Whether a request waits at this consumer of stream {@code DELETED}: nats-server answers its API beside its requests. */
    private static boolean waits(JetStream js, String consumer) {
        return js.consumerInfo("DELETED", consumer).number("num_waiting") == 1;
    }
}
