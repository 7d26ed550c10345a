package io.leafd.test.jetstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.leafd.test.conformance.Brokers;
import io.leafd.test.conformance.Conformance;
import io.leafd.test.peer.Deadline;
import io.leafd.test.peer.JsonTree;
import io.leafd.test.peer.RawClient;
import io.leafd.test.setup.ServerSetup;
import io.nats.client.Message;
import io.nats.client.Subscription;
import org.junit.jupiter.api.Test;

/** Consumers that push: when they start, heartbeats, flow control. */
@Conformance
class PushIT {

    private static final ServerSetup SETUP = ServerSetup.open("push").jetstream("shop");

    private final Brokers brokers;

    PushIT(Brokers brokers) {
        this.brokers = brokers;
    }

    @Test
    void deliveryStartsWhenSomebodyListens() {
        try (JetStream js = JetStream.of(brokers.with(SETUP))) {
            js.stream("START", "\"subjects\":[\"start\"]");
            for (int seq = 1; seq <= 3; seq++) {
                js.stored(seq, "start", Integer.toString(seq));
            }
            js.consumer(
                    "START",
                    "c",
                    "\"deliver_subject\":\"to.start\",\"ack_policy\":\"explicit\",\"inactive_threshold\":60000000000");
            JsonTree before = js.consumerInfo("START", "c");
            assertThat(before.isTrue("push_bound")).isFalse();
            assertThat(before.number("num_pending")).isEqualTo(3);
            Subscription listener = js.subscribe("to.start");
            for (int seq = 1; seq <= 3; seq++) {
                Message message = JetStream.next(listener);
                assertThat(message.getSubject()).isEqualTo("start");
                assertThat(JetStream.text(message)).isEqualTo(Integer.toString(seq));
                assertThat(message.getReplyTo())
                        .startsWith("$JS.ACK.START.c.1." + seq + "." + seq + ".")
                        .endsWith("." + (3 - seq));
            }
            assertThat(js.consumerInfo("START", "c").isTrue("push_bound")).isTrue();
            js.stored(4, "start", "4");
            assertThat(JetStream.text(JetStream.next(listener))).isEqualTo("4");
        }
    }

    @Test
    void groupSharesWhatIsPushed() {
        try (JetStream js = JetStream.of(brokers.with(SETUP))) {
            js.stream("GROUP", "\"subjects\":[\"group\"]");
            js.consumer(
                    "GROUP",
                    "c",
                    "\"deliver_subject\":\"to.group\",\"deliver_group\":\"workers\",\"ack_policy\":\"none\",\"inactive_threshold\":60000000000");
            Subscription one = js.connection().subscribe("to.group", "workers");
            Subscription two = js.connection().subscribe("to.group", "workers");
            js.fence();
            for (int seq = 1; seq <= 40; seq++) {
                js.stored(seq, "group", Integer.toString(seq));
            }
            Deadline.await(
                    "all to arrive",
                    Deadline.ANSWER,
                    () -> one.getPendingMessageCount() + two.getPendingMessageCount() == 40);
            assertThat(one.getPendingMessageCount()).isBetween(1L, 39L);
        }
    }

    @Test
    void silenceIsFilledWithHeartbeats() {
        try (JetStream js = JetStream.of(brokers.with(SETUP))) {
            js.stream("BEAT", "\"subjects\":[\"beat\"]");
            Subscription listener = js.subscribe("to.beat");
            js.consumer(
                    "BEAT",
                    "c",
                    "\"deliver_subject\":\"to.beat\",\"idle_heartbeat\":200000000,\"ack_policy\":\"none\"");
            js.stored(1, "beat", "1");
            Message message = JetStream.next(listener);
            while (message.isStatusMessage()) { // a beat may come before the message
                message = JetStream.next(listener);
            }
            assertThat(JetStream.text(message)).isEqualTo("1");
            for (int i = 0; i < 3; i++) {
                Message beat = JetStream.next(listener);
                assertThat(JetStream.status(beat)).isEqualTo("100 Idle Heartbeat");
                assertThat(beat.getSubject()).isEqualTo("to.beat");
                assertThat(beat.getHeaders().getFirst("Nats-Last-Consumer")).isEqualTo("1");
                assertThat(beat.getHeaders().getFirst("Nats-Last-Stream")).isEqualTo("1");
            }
        }
    }

    @Test
    void receiverThatDoesNotAnswerFlowControlIsHeldBackAndTold() {
        int messages = 400;
        String payload = "x".repeat(10_000);
        try (JetStream js = JetStream.of(brokers.with(SETUP));
                RawClient raw = brokers.open(SETUP).connect(RawClient.CONNECT_HEADERS)) {
            js.stream("FLOW", "\"subjects\":[\"flow\"]");
            for (int seq = 1; seq <= messages; seq++) {
                js.stored(seq, "flow", payload);
            }
            raw.exchange("SUB to.flow 1\r\n");
            js.consumer(
                    "FLOW",
                    "c",
                    "\"deliver_subject\":\"to.flow\",\"idle_heartbeat\":300000000,\"flow_control\":true,\"ack_policy\":\"none\"");
            int received = 0;
            String requested = null;
            String stalled = null;
            while (stalled == null) {
                String line = raw.line();
                if (line.equals("PING")) { // each new client gets one
                    continue;
                }
                int size = Integer.parseInt(line.substring(line.lastIndexOf(' ') + 1));
                String content = raw.exactly(size + 2);
                if (line.startsWith("MSG flow ")) {
                    received++;
                } else if (content.startsWith("NATS/1.0 100 FlowControl Request\r\n")) {
                    requested = line.split(" ")[3];
                } else {
                    assertThat(content).startsWith("NATS/1.0 100 Idle Heartbeat\r\n");
                    stalled = content.lines()
                            .filter(header -> header.startsWith("Nats-Consumer-Stalled: "))
                            .map(header -> header.substring("Nats-Consumer-Stalled: ".length()))
                            .findFirst()
                            .orElse(null);
                }
            }
            assertThat(received).isLessThan(messages);
            assertThat(requested).startsWith("$JS.FC.FLOW.c.");
            assertThat(stalled).isEqualTo(requested);
            raw.send("PUB " + stalled + " 0\r\n\r\n");
            while (received < messages) { // answering each request lets the rest through
                String line = raw.line();
                String content = raw.exactly(Integer.parseInt(line.substring(line.lastIndexOf(' ') + 1)) + 2);
                if (line.startsWith("MSG flow ")) {
                    received++;
                } else if (content.startsWith("NATS/1.0 100 FlowControl Request\r\n")) {
                    raw.send("PUB " + line.split(" ")[3] + " 0\r\n\r\n");
                }
            }
        }
    }

    @Test
    void pushConsumerNobodyListensToIsRemoved() {
        try (JetStream js = JetStream.of(brokers.with(SETUP))) {
            js.stream("LOST", "\"subjects\":[\"lost\"]");
            Subscription listener = js.subscribe("to.lost");
            js.consumer(
                    "LOST",
                    "c",
                    "\"deliver_subject\":\"to.lost\",\"inactive_threshold\":500000000,\"ack_policy\":\"none\"");
            js.stored(1, "lost", "1");
            assertThat(JetStream.text(JetStream.next(listener))).isEqualTo("1");
            listener.unsubscribe();
            Deadline.await(
                    "the consumer to go",
                    Deadline.ANSWER,
                    () -> js.ok("CONSUMER.NAMES.LOST", "").texts("consumers").isEmpty());
        }
    }
}
