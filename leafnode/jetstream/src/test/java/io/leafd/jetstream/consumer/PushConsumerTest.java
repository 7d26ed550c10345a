package io.leafd.jetstream.consumer;

import static io.leafd.jetstream.consumer.PullConsumerTest.error;
import static io.leafd.jetstream.consumer.PullConsumerTest.number;
import static io.leafd.jetstream.consumer.PullConsumerTest.pairs;
import static org.assertj.core.api.Assertions.assertThat;

import io.leafd.broker.interest.Subscription;
import io.leafd.jetstream.stream.Stream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PushConsumerTest {
    private Bench bench;
    private Stream stream;

    @BeforeEach
    void open(@TempDir Path directory) {
        bench = new Bench(directory);
        stream = bench.stream("{\"name\":\"S\",\"subjects\":[\"s.>\"]}");
    }

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void deliversAsLongAsSomebodyListens() {
        bench.publish(stream, "s.a", "1");
        bench.create("C", "{'durable_name':'C','deliver_subject':'d','ack_policy':'none'}");
        assertThat(bench.sentTo("d")).isEmpty();
        assertThat(bench.info("C")).doesNotContainKey("push_bound");

        Subscription listener = bench.account.listen("d");
        bench.run();
        assertThat(bench.sentTo("d")).extracting(FakeAccount.Sent::payload).containsExactly("1");
        assertThat(bench.info("C")).containsEntry("push_bound", true);
        bench.publish(stream, "s.a", "2");
        assertThat(bench.sentTo("d")).extracting(FakeAccount.Sent::payload).containsExactly("2");

        bench.account.leave(listener);
        bench.publish(stream, "s.a", "3");
        assertThat(bench.sentTo("d")).isEmpty();
        bench.account.listen("*");
        bench.run();
        assertThat(bench.sentTo("d")).extracting(FakeAccount.Sent::payload).containsExactly("3");
    }

    @Test
    void aLongBacklogIsNeverInMemoryAsAWhole() {
        String payload = "x".repeat(10_000);
        for (int i = 0; i < 300; i++) {
            bench.publish(stream, "s.a", payload);
        }
        bench.account.listen("d");
        bench.create("C", "{'durable_name':'C','deliver_subject':'d','ack_policy':'none'}");
        bench.run();

        assertThat(bench.sentTo("d")).hasSize(300);
        assertThat(bench.account.heldMaxBytes())
                .isBetween((long) payload.length(), FakeAccount.HELD_BYTES + 2L * payload.length());
    }

    @Test
    void heartbeatsComeWhenNothingElseDoes() {
        bench.account.listen("d");
        bench.create("C", "{'durable_name':'C','deliver_subject':'d','ack_policy':'none','idle_heartbeat':1000000000}");
        bench.publish(stream, "s.a", "1", "2");
        bench.advance(Duration.ofMillis(900));
        bench.account.take();
        bench.advance(Duration.ofMillis(100));

        assertThat(bench.sentTo("d"))
                .singleElement()
                .satisfies(beat -> assertThat(beat.headers())
                        .isEqualTo("NATS/1.0 100 Idle Heartbeat\r\nNats-Last-Consumer: 2\r\nNats-Last-Stream: 2"));
        bench.advance(Duration.ofSeconds(1));
        assertThat(bench.sentTo("d")).hasSize(1);
    }

    @Test
    void flowControlStopsAtTheWindowUntilItIsAnswered() {
        bench.account.listen("d");
        bench.create(
                "C",
                "{'durable_name':'C','deliver_subject':'d','ack_policy':'none','flow_control':true,'idle_heartbeat':1000000000}");
        String payload = "x".repeat(256 << 10);
        for (int i = 0; i < 20; i++) {
            bench.publish(stream, "s.a", payload);
        }
        List<FakeAccount.Sent> got = bench.sentTo("d");
        FakeAccount.Sent request = got.stream()
                .filter(sent -> sent.status().equals("100 FlowControl Request"))
                .findFirst()
                .orElseThrow();
        assertThat(request.reply()).matches("\\$JS\\.FC\\.S\\.C\\.\\w{4}");
        assertThat(got).hasSizeLessThan(12);

        bench.advance(Duration.ofSeconds(1));
        assertThat(bench.sentTo("d"))
                .singleElement()
                .satisfies(beat -> assertThat(beat.headers()).endsWith("Nats-Consumer-Stalled: " + request.reply()));
        bench.send(request.reply(), "");
        assertThat(bench.sentTo("d")).isNotEmpty();
    }

    @Test
    void flowControlAnswersAcknowledge() {
        bench.account.listen("d");
        bench.create("C", "{'durable_name':'C','deliver_subject':'d','ack_policy':'flow_control'}");
        bench.publish(stream, "s.a", "1", "2", "3");
        assertThat(pairs(bench.info("C"))).isEqualTo("delivered 3/3 floor 0/0 pending 3 left 0");
        bench.account.take();
        bench.advance(Duration.ofSeconds(1));
        FakeAccount.Sent request = bench.sentTo("d").getLast();
        assertThat(request.status()).isEqualTo("100 FlowControl Request");

        bench.account.send(io.leafd.protocol.Message.withHeaders(
                io.leafd.protocol.Subject.of(request.reply()),
                null,
                io.leafd.protocol.Headers.with(new byte[0], "Nats-Last-Consumer", "2", "Nats-Last-Stream", "2"),
                new byte[0]));
        bench.run();
        assertThat(pairs(bench.info("C"))).isEqualTo("delivered 3/3 floor 2/2 pending 1 left 0");
    }

    @Test
    void pullRequestsAreRefused() {
        bench.create("C", "{'durable_name':'C','deliver_subject':'d','ack_policy':'none'}");
        bench.pull("C", "in", "1");
        assertThat(bench.sentTo("in"))
                .extracting(FakeAccount.Sent::status)
                .containsExactly("409 Consumer is push based");
    }

    @Test
    void theRateLimitPacesDelivery() {
        bench.account.listen("d");
        bench.stream("{\"name\":\"T\",\"subjects\":[\"t.>\"],\"max_msg_size\":100}");
        bench.request(
                "CONSUMER.CREATE.T.C",
                "{'stream_name':'T','config':{'durable_name':'C','deliver_subject':'d','ack_policy':'none','rate_limit_bps':800}}");
        bench.publish(bench.streams.get("T"), "t.a", "x".repeat(50), "x".repeat(50), "x".repeat(50));

        assertThat(bench.sentTo("d")).as("the bucket may be overdrawn once").hasSize(2);
        bench.advance(Duration.ofMillis(200));
        assertThat(bench.sentTo("d")).isEmpty();
        bench.advance(Duration.ofSeconds(2));
        assertThat(bench.sentTo("d")).hasSize(1);
    }

    @Test
    void replayKeepsThePauses() {
        bench.publish(stream, "s.a", "1");
        bench.advance(Duration.ofSeconds(3));
        bench.publish(stream, "s.a", "2");
        bench.account.listen("d");
        bench.create("C", "{'durable_name':'C','deliver_subject':'d','ack_policy':'none','replay_policy':'original'}");

        assertThat(bench.sentTo("d")).extracting(FakeAccount.Sent::payload).containsExactly("1");
        bench.advance(Duration.ofMillis(2_900));
        assertThat(bench.sentTo("d")).isEmpty();
        bench.advance(Duration.ofMillis(100));
        assertThat(bench.sentTo("d")).extracting(FakeAccount.Sent::payload).containsExactly("2");
    }

    @Test
    void anEphemeralGoesWhenNobodyListensForItsThreshold() {
        Subscription listener = bench.account.listen("d");
        bench.create("C", "{'deliver_subject':'d','ack_policy':'none','inactive_threshold':1000000000}");
        bench.advance(Duration.ofSeconds(10));
        assertThat(error(bench.info("C"))).isZero();

        bench.account.leave(listener);
        bench.run();
        bench.advance(Duration.ofMillis(999));
        assertThat(error(bench.info("C"))).isZero();
        bench.advance(Duration.ofMillis(1));
        assertThat(error(bench.info("C"))).isEqualTo(10014);
    }

    @Test
    void anEphemeralPullConsumerGoesWhenNobodyAsks() {
        bench.create("C", "{'ack_policy':'explicit','ack_wait':20000000000}");
        bench.publish(stream, "s.a", "1");
        bench.pull("C", "in", "{'batch':1,'expires':1000000000}");
        bench.advance(Duration.ofSeconds(19));
        assertThat(error(bench.info("C"))).as("inside the ack wait").isZero();
        bench.advance(Duration.ofSeconds(9));
        assertThat(error(bench.info("C"))).isEqualTo(10014);
    }

    @Test
    void aDurableStays() {
        bench.create("C", "{'durable_name':'C','deliver_subject':'d','ack_policy':'none'}");
        bench.advance(Duration.ofHours(10));
        assertThat(error(bench.info("C"))).isZero();
    }

    @Test
    void aNewDeliverSubjectGetsEverythingPendingAgain() {
        Subscription listener = bench.account.listen("d");
        bench.create("C", "{'durable_name':'C','deliver_subject':'d','ack_policy':'explicit'}");
        bench.publish(stream, "s.a", "1", "2");
        assertThat(error(bench.create("C", "{'durable_name':'C','deliver_subject':'e','ack_policy':'explicit'}")))
                .isEqualTo(10013);
        bench.account.leave(listener);
        bench.run();
        bench.account.take();
        bench.account.listen("e");
        bench.create("C", "{'durable_name':'C','deliver_subject':'e','ack_policy':'explicit'}");

        assertThat(bench.sentTo("e")).extracting(FakeAccount.Sent::payload).containsExactly("1", "2");
        assertThat(number(bench.info("C"), "num_redelivered")).isEqualTo(2);
    }

    @Test
    void acknowledgementsAreMeasured() {
        bench.account.listen("$JS.EVENT.>");
        bench.account.listen("d");
        bench.create("C", "{'durable_name':'C','deliver_subject':'d','ack_policy':'explicit','sample_freq':'100%'}");
        bench.publish(stream, "s.a", "1");
        FakeAccount.Sent got = bench.sentTo("d").getFirst();
        bench.advance(Duration.ofMillis(3));
        bench.answer(got, "");

        assertThat(bench.sentTo("$JS.EVENT.METRIC.CONSUMER.ACK.S.C"))
                .singleElement()
                .satisfies(metric -> assertThat(metric.payload()).contains("\"ack_time\":3000000,\"deliveries\":1"));
    }
}
