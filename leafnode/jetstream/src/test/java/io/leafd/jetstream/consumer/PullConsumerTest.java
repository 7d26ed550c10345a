package io.leafd.jetstream.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import io.leafd.jetstream.stream.Stream;
import io.leafd.protocol.Subject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PullConsumerTest {
    private static final String EXPLICIT = "{'durable_name':'C','ack_policy':'explicit'}";

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
    void deliversWithTheOriginalSubjectAndAnAckSubject() {
        bench.create("C", EXPLICIT);
        bench.publish(stream, "s.a", "one", "two", "three");

        bench.pull("C", "in", "2");

        List<FakeAccount.Sent> got = bench.sentTo("in");
        assertThat(got).extracting(FakeAccount.Sent::payload).containsExactly("one", "two");
        assertThat(got.get(0).message().subject()).isEqualTo(Subject.of("s.a"));
        assertThat(got.get(0).reply()).matches("\\$JS\\.ACK\\.S\\.C\\.1\\.1\\.1\\.\\d{19}\\.2");
        assertThat(got.get(1).reply()).matches("\\$JS\\.ACK\\.S\\.C\\.1\\.2\\.2\\.\\d{19}\\.1");
    }

    @Test
    void aWaitingRequestGetsWhatIsStoredLater() {
        bench.create("C", EXPLICIT);
        bench.pull("C", "in", "{'batch':2,'expires':5000000000}");
        assertThat(bench.sentTo("in")).isEmpty();

        bench.publish(stream, "s.a", "one");
        assertThat(bench.sentTo("in")).extracting(FakeAccount.Sent::payload).containsExactly("one");
        bench.publish(stream, "s.a", "two", "three");
        assertThat(bench.sentTo("in")).extracting(FakeAccount.Sent::payload).containsExactly("two");
        assertThat(number(bench.info("C"), "num_waiting")).isZero();
        assertThat(number(bench.info("C"), "num_pending")).isEqualTo(1);
    }

    @Test
    void requestsTakeTurns() {
        bench.create("C", EXPLICIT);
        bench.pull("C", "a", "2");
        bench.pull("C", "b", "2");
        bench.publish(stream, "s.a", "1", "2", "3", "4");

        assertThat(bench.account.take())
                .extracting(sent -> sent.to() + sent.payload())
                .containsExactly("a1", "b2", "a3", "b4");
    }

    @Test
    void infoCountsDeliveriesAndFloors() {
        bench.create("C", EXPLICIT);
        bench.publish(stream, "s.a", "1", "2", "3", "4");
        bench.pull("C", "in", "3");
        List<FakeAccount.Sent> got = bench.sentTo("in");

        bench.answer(got.get(2), "");
        assertThat(pairs(bench.info("C"))).isEqualTo("delivered 3/3 floor 0/0 pending 2 left 1");
        bench.answer(got.get(0), "+ACK");
        assertThat(pairs(bench.info("C"))).isEqualTo("delivered 3/3 floor 1/1 pending 1 left 1");
        bench.answer(got.get(1), "+OK");
        assertThat(pairs(bench.info("C"))).isEqualTo("delivered 3/3 floor 3/3 pending 0 left 1");
    }

    @Test
    void anAckWithReplyIsConfirmed() {
        bench.create("C", EXPLICIT);
        bench.publish(stream, "s.a", "1");
        bench.pull("C", "in", "1");
        FakeAccount.Sent got = bench.sentTo("in").getFirst();

        bench.answer(got, "+ACK", "confirmed");
        assertThat(bench.sentTo("confirmed")).hasSize(1);
        bench.answer(got, "+ACK", "again");
        assertThat(bench.sentTo("again")).hasSize(1);
        bench.answer(got, "what?", "unknown");
        assertThat(bench.sentTo("unknown")).hasSize(1);
        bench.account.send(new io.leafd.protocol.Message(
                Subject.of("$JS.ACK.S.C.1.77.77.1.0"), Subject.of("never"), new byte[0], 0));
        bench.run();
        assertThat(bench.sentTo("never")).isEmpty();
    }

    @Test
    void theLongAckSubjectIsUnderstood() {
        bench.create("C", EXPLICIT);
        bench.publish(stream, "s.a", "1");
        bench.pull("C", "in", "1");

        assertThat(bench.send("$JS.ACK.edge.NUmM6cRx.S.C.1.1.1.1.0", "")).isTrue();
        assertThat(number(bench.info("C"), "num_ack_pending")).isZero();
    }

    @Test
    void unacknowledgedMessagesAreDeliveredAgainBeforeNewOnes() {
        bench.create("C", "{'durable_name':'C','ack_policy':'explicit','ack_wait':1000000000}");
        bench.publish(stream, "s.a", "1", "2");
        bench.pull("C", "in", "2");
        bench.sentTo("in");
        bench.publish(stream, "s.a", "3");
        bench.advance(Duration.ofSeconds(1));

        bench.pull("C", "in", "3");
        List<FakeAccount.Sent> got = bench.sentTo("in");
        assertThat(got).extracting(FakeAccount.Sent::payload).containsExactly("1", "2", "3");
        assertThat(got.get(0).reply()).contains("S.C.2.1.3.");
        assertThat(number(bench.info("C"), "num_redelivered")).isEqualTo(2);
    }

    @Test
    void anOpenRequestGetsTheRedeliveryWhenItsTimeHasCome() {
        bench.create("C", "{'durable_name':'C','ack_policy':'explicit','ack_wait':1000000000}");
        bench.publish(stream, "s.a", "1");
        bench.pull("C", "in", "{'batch':5,'expires':60000000000}");
        assertThat(bench.sentTo("in")).hasSize(1);
        bench.advance(Duration.ofMillis(999));
        assertThat(bench.sentTo("in")).isEmpty();
        bench.advance(Duration.ofMillis(1));
        assertThat(bench.sentTo("in")).extracting(FakeAccount.Sent::payload).containsExactly("1");
    }

    @Test
    void naksComeBackAtOnceOrAfterTheirDelay() {
        bench.create("C", EXPLICIT);
        bench.publish(stream, "s.a", "1", "2");
        bench.pull("C", "in", "{'batch':9,'expires':60000000000}");
        List<FakeAccount.Sent> got = bench.sentTo("in");

        bench.answer(got.get(0), "-NAK");
        assertThat(bench.sentTo("in")).extracting(FakeAccount.Sent::payload).containsExactly("1");
        bench.answer(got.get(1), "-NAK {\"delay\":2000000000}");
        assertThat(bench.sentTo("in")).isEmpty();
        bench.advance(Duration.ofSeconds(2));
        assertThat(bench.sentTo("in")).extracting(FakeAccount.Sent::payload).containsExactly("2");
    }

    @Test
    void progressPutsRedeliveryOff() {
        bench.create("C", "{'durable_name':'C','ack_policy':'explicit','ack_wait':1000000000}");
        bench.publish(stream, "s.a", "1");
        bench.pull("C", "in", "{'batch':9,'expires':60000000000}");
        FakeAccount.Sent got = bench.sentTo("in").getFirst();
        bench.advance(Duration.ofMillis(900));
        bench.answer(got, "+WPI");
        bench.advance(Duration.ofMillis(900));
        assertThat(bench.sentTo("in")).isEmpty();
        bench.advance(Duration.ofMillis(100));
        assertThat(bench.sentTo("in")).hasSize(1);
    }

    @Test
    void ackAndNextAsksForMore() {
        bench.create("C", EXPLICIT);
        bench.publish(stream, "s.a", "1", "2", "3");
        bench.pull("C", "in", "1");
        FakeAccount.Sent got = bench.sentTo("in").getFirst();
        bench.account.listen("more");
        bench.answer(got, "+NXT 2", "more");

        assertThat(bench.sentTo("more")).extracting(FakeAccount.Sent::payload).containsExactly("2", "3");
        assertThat(number(bench.info("C"), "num_ack_pending")).isEqualTo(2);
    }

    @Test
    void terminatedMessagesNeverComeAgainAndAreAnnounced() {
        bench.account.listen("$JS.EVENT.>");
        bench.create("C", "{'durable_name':'C','ack_policy':'explicit','ack_wait':1000000000}");
        bench.publish(stream, "s.a", "1");
        bench.pull("C", "in", "{'batch':9,'expires':60000000000}");
        FakeAccount.Sent got = bench.sentTo("in").getFirst();
        bench.answer(got, "+TERM bad");

        assertThat(bench.sentTo("$JS.EVENT.ADVISORY.CONSUMER.MSG_TERMINATED.S.C"))
                .singleElement()
                .satisfies(event -> assertThat(event.payload())
                        .contains(
                                "\"stream\":\"S\",\"consumer\":\"C\",\"consumer_seq\":1,\"stream_seq\":1,\"deliveries\":1")
                        .contains("\"reason\":\"bad\""));
        bench.advance(Duration.ofSeconds(5));
        assertThat(bench.sentTo("in")).isEmpty();
    }

    @Test
    void afterTheLastPermittedDeliveryAnAdvisoryIsSent() {
        bench.account.listen("$JS.EVENT.>");
        bench.create("C", "{'durable_name':'C','ack_policy':'explicit','ack_wait':1000000000,'max_deliver':2}");
        bench.publish(stream, "s.a", "1");
        bench.pull("C", "in", "{'batch':9,'expires':60000000000}");
        bench.advance(Duration.ofSeconds(1));
        assertThat(bench.sentTo("in")).hasSize(2);
        bench.advance(Duration.ofSeconds(1));

        assertThat(bench.account.take()).singleElement().satisfies(event -> {
            assertThat(event.to()).isEqualTo("$JS.EVENT.ADVISORY.CONSUMER.MAX_DELIVERIES.S.C");
            assertThat(event.payload()).contains("\"stream_seq\":1,\"deliveries\":2");
        });
        assertThat(number(bench.info("C"), "num_ack_pending")).isZero();
        assertThat(number(bench.info("C"), "num_redelivered")).isEqualTo(1);
    }

    @Test
    void atMaxAckPendingNothingNewIsDelivered() {
        bench.create("C", "{'durable_name':'C','ack_policy':'explicit','max_ack_pending':2}");
        bench.publish(stream, "s.a", "1", "2", "3");
        bench.pull("C", "in", "3");
        List<FakeAccount.Sent> got = bench.sentTo("in");
        assertThat(got).hasSize(2);
        bench.pull("C", "nowait", "{'batch':1,'no_wait':true}");
        assertThat(bench.sentTo("nowait")).isEmpty();

        bench.answer(got.get(0), "");
        assertThat(bench.sentTo("in")).extracting(FakeAccount.Sent::payload).containsExactly("3");
    }

    @Test
    void headersOnlyTellsTheSize() {
        bench.create("C", "{'durable_name':'C','ack_policy':'explicit','headers_only':true}");
        bench.publish(stream, "s.a", "hello");
        bench.pull("C", "in", "1");

        FakeAccount.Sent got = bench.sentTo("in").getFirst();
        assertThat(got.payload()).isEmpty();
        assertThat(got.headers()).isEqualTo("NATS/1.0\r\nNats-Msg-Size: 5");
    }

    @Test
    void requestsEndWhenTheirTimeIsOver() {
        bench.create("C", EXPLICIT);
        bench.pull("C", "in", "{'batch':2,'expires':1000000000,'idle_heartbeat':400000000}");
        bench.advance(Duration.ofMillis(400));
        FakeAccount.Sent beat = bench.sentTo("in").getFirst();
        assertThat(beat.headers())
                .isEqualTo("NATS/1.0 100 Idle Heartbeat\r\nNats-Last-Consumer: 0\r\nNats-Last-Stream: 0");
        bench.advance(Duration.ofMillis(601));

        assertThat(bench.sentTo("in")).extracting(FakeAccount.Sent::status).contains("408 Request Timeout");
    }

    @Test
    void deletionEndsOpenRequestsAndTheAddress() {
        bench.account.listen("$JS.EVENT.>");
        bench.create("C", EXPLICIT);
        bench.pull("C", "in", "1");
        bench.account.take();
        assertThat(bench.request("CONSUMER.DELETE.S.C", "")).containsEntry("success", true);

        assertThat(bench.account.take())
                .extracting(sent -> sent.to() + " " + sent.status())
                .contains("in 409 Consumer Deleted", "$JS.EVENT.ADVISORY.CONSUMER.DELETED.S.C ");
        assertThat(bench.isAsked("C")).isFalse();
        assertThat(bench.account.filters()).noneMatch(filter -> filter.contains("ACK"));
        assertThat(error(bench.info("C"))).isEqualTo(10014);
    }

    @Test
    void deletionOfTheStreamDeletesItsConsumers() {
        bench.create("C", EXPLICIT);
        bench.pull("C", "in", "1");
        bench.account.take();
        bench.store.loop().control(() -> bench.streams.delete(stream));
        bench.run();

        assertThat(bench.sentTo("in")).extracting(FakeAccount.Sent::status).containsExactly("409 Consumer Deleted");
    }

    @Test
    void nothingIsDeliveredWhileTheWayOutIsFull() {
        bench.create("C", EXPLICIT);
        bench.publish(stream, "s.a", "1", "2");
        bench.account.writable(false);
        bench.pull("C", "in", "2");
        assertThat(bench.sentTo("in")).isEmpty();

        bench.account.writable(true);
        bench.run();
        assertThat(bench.sentTo("in")).hasSize(2);
    }

    @Test
    void aLongBacklogIsDeliveredWhole() {
        bench.create("C", "{'durable_name':'C','ack_policy':'none'}");
        var payloads = new String[3_000];
        for (int i = 0; i < payloads.length; i++) {
            payloads[i] = String.valueOf(i);
        }
        bench.publish(stream, "s.a", payloads);
        bench.pull("C", "in", "3000");

        assertThat(bench.sentTo("in")).extracting(FakeAccount.Sent::payload).containsExactly(payloads);
        assertThat(pairs(bench.info("C"))).isEqualTo("delivered 3000/3000 floor 3000/3000 pending 0 left 0");
    }

    @Test
    void pausedConsumersDeliverNothing() {
        bench.account.listen("$JS.EVENT.>");
        bench.create("C", EXPLICIT);
        bench.publish(stream, "s.a", "1");
        Map<String, @Nullable Object> answer =
                bench.request("CONSUMER.PAUSE.S.C", "{'pause_until':'2026-01-02T03:04:15Z'}");
        assertThat(answer).containsEntry("paused", true).containsEntry("pause_remaining", 10_000_000_000L);
        assertThat(bench.sentTo("$JS.EVENT.ADVISORY.CONSUMER.PAUSE.S.C")).hasSize(1);

        bench.pull("C", "in", "1");
        assertThat(bench.sentTo("in")).isEmpty();
        assertThat(bench.info("C")).containsEntry("paused", true);
        bench.advance(Duration.ofSeconds(10));
        assertThat(bench.account.take())
                .extracting(FakeAccount.Sent::to)
                .containsExactlyInAnyOrder("in", "$JS.EVENT.ADVISORY.CONSUMER.PAUSE.S.C");
        assertThat(bench.request("CONSUMER.PAUSE.S.C", ""))
                .containsEntry("paused", false)
                .containsEntry("pause_until", "0001-01-01T00:00:00Z");
    }

    @Test
    void pinnedMessagesCarryThePin() {
        bench.create(
                "C",
                "{'durable_name':'C','ack_policy':'explicit','priority_policy':'pinned_client','priority_groups':['A']}");
        bench.publish(stream, "s.a", "1");
        bench.pull("C", "in", "{'batch':1,'group':'A'}");

        FakeAccount.Sent got = bench.sentTo("in").getFirst();
        assertThat(got.headers()).matches("NATS/1.0\r\nNats-Pin-Id: \\w{22}");
        assertThat(got.payload()).isEqualTo("1");
        assertThat(bench.info("C").toString()).contains("pinned_client_id");
        assertThat(error(bench.request("CONSUMER.UNPIN.S.C", "{'group':'B'}"))).isEqualTo(10160);
        assertThat(bench.request("CONSUMER.UNPIN.S.C", "{'group':'A'}")).doesNotContainKey("error");
        assertThat(bench.info("C").toString()).doesNotContain("pinned_client_id");
    }

    static long number(Map<String, @Nullable Object> answer, String name) {
        return answer.get(name) instanceof Long number ? number : -1;
    }

    static int error(Map<String, @Nullable Object> answer) {
        return answer.get("error") instanceof Map<?, ?> error && error.get("err_code") instanceof Long code
                ? code.intValue()
                : 0;
    }

    static String pairs(Map<String, @Nullable Object> info) {
        return "delivered " + pair(info, "delivered") + " floor " + pair(info, "ack_floor") + " pending "
                + number(info, "num_ack_pending") + " left " + number(info, "num_pending");
    }

    private static String pair(Map<String, @Nullable Object> info, String name) {
        return info.get(name) instanceof Map<?, ?> pair ? pair.get("consumer_seq") + "/" + pair.get("stream_seq") : "?";
    }
}
