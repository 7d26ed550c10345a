package io.leafd.test.jetstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.leafd.test.conformance.Brokers;
import io.leafd.test.conformance.Conformance;
import io.leafd.test.peer.Deadline;
import io.leafd.test.peer.JsonTree;
import io.leafd.test.setup.ServerSetup;
import io.nats.client.Message;
import io.nats.client.Subscription;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** Acknowledgements and redelivery. */
@Conformance
class AckIT {

    private static final ServerSetup SETUP = ServerSetup.open("ack").jetstream("shop");

    private final Brokers brokers;

    AckIT(Brokers brokers) {
        this.brokers = brokers;
    }

    @Test
    void acknowledgementWithAReplyIsAnsweredEmpty() {
        try (JetStream js = JetStream.of(brokers.with(SETUP))) {
            List<Message> got = deliver(js, "ANSWER", "", 3);
            for (String verb : List.of("", "+ACK", "+WPI")) {
                assertThat(js.request(got.get(0).getReplyTo(), verb).getData()).isEmpty();
            }
            assertThat(js.request(got.get(1).getReplyTo(), "+TERM because").getData())
                    .isEmpty();
            assertThat(js.consumerInfo("ANSWER", "c").number("num_ack_pending")).isEqualTo(1);
        }
    }

    @Test
    void floorMovesOverWhatIsContiguous() {
        try (JetStream js = JetStream.of(brokers.with(SETUP))) {
            List<Message> got = deliver(js, "FLOOR", "", 3);
            js.request(got.get(2).getReplyTo(), "+ACK");
            assertFloor(js, "FLOOR", 0, 2);
            js.request(got.get(0).getReplyTo(), "+ACK");
            assertFloor(js, "FLOOR", 1, 1);
            js.request(got.get(1).getReplyTo(), "+ACK");
            assertFloor(js, "FLOOR", 3, 0);
        }
    }

    @Test
    void acknowledgingAllCoversWhatCameBefore() {
        try (JetStream js = JetStream.of(brokers.with(SETUP))) {
            List<Message> got = deliver(js, "ALL", "\"ack_policy\":\"all\"", 4);
            js.request(got.get(2).getReplyTo(), "+ACK");
            assertFloor(js, "ALL", 3, 1);
        }
    }

    @Test
    void refusedMessageComesAgainAtOnceAndBeforeNewOnes() {
        try (JetStream js = JetStream.of(brokers.with(SETUP))) {
            List<Message> got = deliver(js, "NAK", "", 2);
            js.stored(3, "nak.3", "3");
            js.request(got.get(0).getReplyTo(), "-NAK");
            Message again = pullOne(js, "NAK");
            assertThat(JetStream.text(again)).isEqualTo("1");
            assertThat(again.getReplyTo()).startsWith("$JS.ACK.NAK.c.2.1.3.");
            assertThat(JetStream.text(pullOne(js, "NAK"))).isEqualTo("3");
            JsonTree info = js.consumerInfo("NAK", "c");
            assertThat(info.number("num_redelivered")).isEqualTo(1);
            assertThat(info.number("delivered.consumer_seq")).isEqualTo(4);
            assertThat(info.number("delivered.stream_seq")).isEqualTo(3);
        }
    }

    @Test
    void refusedMessageComesAgainAfterTheDelay() {
        try (JetStream js = JetStream.of(brokers.with(SETUP))) {
            List<Message> got = deliver(js, "DELAY", "", 1);
            long startNs = System.nanoTime();
            js.request(got.getFirst().getReplyTo(), "-NAK {\"delay\":500000000}");
            assertThat(JetStream.text(pullOne(js, "DELAY"))).isEqualTo("1");
            assertThat(Duration.ofNanos(System.nanoTime() - startNs))
                    .isBetween(Duration.ofMillis(450), Duration.ofSeconds(5));
        }
    }

    @Test
    void unacknowledgedMessageComesAgainWhenItsTimeIsUp() {
        try (JetStream js = JetStream.of(brokers.with(SETUP))) {
            deliver(js, "WAIT", "\"ack_policy\":\"explicit\",\"ack_wait\":500000000", 2);
            Message again = pullOne(js, "WAIT");
            assertThat(JetStream.text(again)).isEqualTo("1");
            assertThat(again.getReplyTo()).startsWith("$JS.ACK.WAIT.c.2.1.3.");
            assertThat(JetStream.text(pullOne(js, "WAIT"))).isEqualTo("2");
        }
    }

    @Test
    void progressKeepsAMessageFromComingAgain() {
        try (JetStream js = JetStream.of(brokers.with(SETUP))) {
            Message only = deliver(js, "PROGRESS", "\"ack_policy\":\"explicit\",\"ack_wait\":2000000000", 1)
                    .getFirst();
            Subscription inbox = js.inbox();
            js.send(
                    "$JS.API.CONSUMER.MSG.NEXT.PROGRESS.c",
                    inbox.getSubject(),
                    "{\"batch\":1,\"expires\":20000000000}");
            long endNs = System.nanoTime() + Duration.ofSeconds(4).toNanos();
            while (System.nanoTime() < endNs) { // twice the time in which it would come again
                js.request(only.getReplyTo(), "+WPI");
                assertThat(JetStream.next(inbox, Duration.ofMillis(100))).isNull();
            }
            assertThat(JetStream.text(JetStream.next(inbox))).isEqualTo("1");
        }
    }

    @Test
    void terminatedMessageNeverComesAgainAndSomebodyMayHear() {
        try (JetStream js = JetStream.of(brokers.with(SETUP))) {
            Subscription advisories = js.subscribe("$JS.EVENT.ADVISORY.CONSUMER.MSG_TERMINATED.>");
            Message only = deliver(js, "TERM", "\"ack_policy\":\"explicit\",\"ack_wait\":300000000", 1)
                    .getFirst();
            js.request(only.getReplyTo(), "+TERM no use");
            Message advisory = JetStream.next(advisories);
            assertThat(advisory.getSubject()).isEqualTo("$JS.EVENT.ADVISORY.CONSUMER.MSG_TERMINATED.TERM.c");
            JsonTree told = JsonTree.of(advisory.getData());
            assertThat(told.text("type")).isEqualTo("io.nats.jetstream.advisory.v1.terminated");
            assertThat(told.number("stream_seq")).isEqualTo(1);
            assertThat(told.number("deliveries")).isEqualTo(1);
            assertThat(told.text("reason")).isEqualTo("no use");
            assertThat(told.text("domain")).isEqualTo("shop");
            Subscription inbox = js.inbox();
            js.send("$JS.API.CONSUMER.MSG.NEXT.TERM.c", inbox.getSubject(), "{\"batch\":1,\"expires\":1000000000}");
            assertThat(JetStream.status(JetStream.next(inbox))).isEqualTo("408 Request Timeout");
        }
    }

    @Test
    void messageDeliveredTooOftenIsGivenUpAndSomebodyMayHear() {
        try (JetStream js = JetStream.of(brokers.with(SETUP))) {
            Subscription advisories = js.subscribe("$JS.EVENT.ADVISORY.CONSUMER.MAX_DELIVERIES.>");
            deliver(js, "MAX", "\"ack_policy\":\"explicit\",\"ack_wait\":300000000,\"max_deliver\":2", 1);
            assertThat(JetStream.text(pullOne(js, "MAX"))).isEqualTo("1");
            Subscription inbox = js.inbox();
            js.send("$JS.API.CONSUMER.MSG.NEXT.MAX.c", inbox.getSubject(), "{\"batch\":1,\"expires\":10000000000}");
            Message advisory = JetStream.next(advisories);
            assertThat(advisory.getSubject()).isEqualTo("$JS.EVENT.ADVISORY.CONSUMER.MAX_DELIVERIES.MAX.c");
            JsonTree told = JsonTree.of(advisory.getData());
            assertThat(told.text("type")).isEqualTo("io.nats.jetstream.advisory.v1.max_deliver");
            assertThat(told.number("stream_seq")).isEqualTo(1);
            assertThat(told.number("deliveries")).isEqualTo(2);
            js.stored(2, "max.2", "2");
            assertThat(JetStream.text(JetStream.next(inbox))).isEqualTo("2");
            assertThat(js.info("MAX").number("state.messages")).isEqualTo(2);
        }
    }

    @Test
    void backoffSetsEachWait() {
        try (JetStream js = JetStream.of(brokers.with(SETUP))) {
            deliver(
                    js,
                    "BACKOFF",
                    "\"ack_policy\":\"explicit\",\"max_deliver\":4,\"backoff\":[200000000,800000000]",
                    1);
            long firstNs = System.nanoTime();
            assertThat(pullOne(js, "BACKOFF").getReplyTo()).startsWith("$JS.ACK.BACKOFF.c.2.1.2.");
            long secondNs = System.nanoTime();
            assertThat(pullOne(js, "BACKOFF").getReplyTo()).startsWith("$JS.ACK.BACKOFF.c.3.1.3.");
            assertThat(Duration.ofNanos(secondNs - firstNs)).isBetween(Duration.ofMillis(100), Duration.ofSeconds(4));
            assertThat(Duration.ofNanos(System.nanoTime() - secondNs))
                    .isBetween(Duration.ofMillis(700), Duration.ofSeconds(5));
        }
    }

    @Test
    void acknowledgementCanAskForTheNext() {
        try (JetStream js = JetStream.of(brokers.with(SETUP))) {
            String ackSubject = deliver(js, "NEXT", "", 1).getFirst().getReplyTo();
            js.stored(2, "next.2", "2");
            js.stored(3, "next.3", "3");
            Subscription inbox = js.inbox();
            js.send(ackSubject, inbox.getSubject(), "+NXT");
            assertThat(JetStream.text(JetStream.next(inbox))).isEqualTo("2");
            assertThat(js.consumerInfo("NEXT", "c").number("ack_floor.stream_seq"))
                    .isEqualTo(1);
        }
    }

    @Test
    void unacknowledgedMessagesHoldBackNewOnesAtTheLimit() {
        try (JetStream js = JetStream.of(brokers.with(SETUP))) {
            js.stream("LIMIT", "\"subjects\":[\"limit.>\"]");
            js.consumer("LIMIT", "c", "\"ack_policy\":\"explicit\",\"max_ack_pending\":2");
            for (int seq = 1; seq <= 4; seq++) {
                js.stored(seq, "limit." + seq, Integer.toString(seq));
            }
            Subscription inbox = js.inbox();
            js.send("$JS.API.CONSUMER.MSG.NEXT.LIMIT.c", inbox.getSubject(), "{\"batch\":4,\"expires\":20000000000}");
            Message first = JetStream.next(inbox);
            JetStream.next(inbox);
            js.fence();
            assertThat(inbox.getPendingMessageCount()).isZero();
            assertThat(js.consumerInfo("LIMIT", "c").number("num_waiting")).isEqualTo(1);
            js.request(first.getReplyTo(), "+ACK");
            assertThat(JetStream.text(JetStream.next(inbox))).isEqualTo("3");
        }
    }

    @Test
    void acknowledgementOfWhatWasNeverDeliveredChangesNothing() {
        try (JetStream js = JetStream.of(brokers.with(SETUP))) {
            deliver(js, "NEVER", "", 1);
            js.stored(2, "never.2", "2");
            js.send("$JS.ACK.NEVER.c.1.2.2.1700000000000000000.0", null, "+ACK");
            js.fence();
            assertFloor(js, "NEVER", 0, 1);
            assertThat(JetStream.text(pullOne(js, "NEVER"))).isEqualTo("2");
        }
    }

    /** A stream with messages numbered from 1, all delivered to consumer {@code c}, which acknowledges explicitly by default. */
    private static List<Message> deliver(JetStream js, String stream, String config, int messages) {
        String prefix = stream.toLowerCase(Locale.ROOT) + ".";
        js.stream(stream, "\"subjects\":[\"" + prefix + ">\"]");
        js.consumer(stream, "c", config.isEmpty() ? "\"ack_policy\":\"explicit\"" : config);
        List<Message> delivered = new ArrayList<>();
        for (int seq = 1; seq <= messages; seq++) {
            js.stored(seq, prefix + seq, Integer.toString(seq));
            delivered.add(pullOne(js, stream));
        }
        return delivered;
    }

    private static Message pullOne(JetStream js, String stream) {
        Subscription inbox = js.inbox();
        js.send(
                "$JS.API.CONSUMER.MSG.NEXT." + stream + ".c",
                inbox.getSubject(),
                "{\"batch\":1,\"expires\":" + Deadline.ANSWER.toNanos() + "}");
        return JetStream.next(inbox);
    }

    private static void assertFloor(JetStream js, String stream, long floor, long pending) {
        JsonTree info = js.consumerInfo(stream, "c");
        assertThat(info.number("ack_floor.stream_seq")).isEqualTo(floor);
        assertThat(info.number("num_ack_pending")).isEqualTo(pending);
    }
}
