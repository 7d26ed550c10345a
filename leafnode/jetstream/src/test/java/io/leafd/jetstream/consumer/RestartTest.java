package io.leafd.jetstream.consumer;

import static io.leafd.jetstream.consumer.PullConsumerTest.error;
import static io.leafd.jetstream.consumer.PullConsumerTest.number;
import static io.leafd.jetstream.consumer.PullConsumerTest.pairs;
import static org.assertj.core.api.Assertions.assertThat;

import io.leafd.jetstream.stream.Stream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RestartTest {
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
    void positionsPendingMessagesAndCountsSurvive() {
        bench.create("C", "{'durable_name':'C','ack_policy':'explicit','ack_wait':10000000000}");
        bench.publish(stream, "s.a", "1", "2", "3", "4", "5");
        bench.pull("C", "in", "4");
        List<FakeAccount.Sent> got = bench.sentTo("in");
        bench.answer(got.get(0), "");
        bench.answer(got.get(2), "");
        bench.answer(got.get(1), "-NAK");
        bench.pull("C", "in", "1");
        assertThat(bench.sentTo("in").getFirst().reply()).contains("S.C.2.2.5.");
        String before = pairs(bench.info("C"));

        bench.restart();

        assertThat(pairs(bench.info("C"))).isEqualTo(before).isEqualTo("delivered 5/4 floor 1/1 pending 2 left 1");
        assertThat(number(bench.info("C"), "num_redelivered")).isEqualTo(1);
        bench.answer(got.get(3), ""); // an answer to a delivery of the former process
        assertThat(number(bench.info("C"), "num_ack_pending")).isEqualTo(1);
        bench.pull("C", "in", "{'batch':9,'expires':60000000000}");
        assertThat(bench.sentTo("in")).extracting(FakeAccount.Sent::payload).containsExactly("5");
        bench.advance(Duration.ofSeconds(10));
        assertThat(bench.sentTo("in").getFirst().reply()).contains("S.C.3.2.7.");
    }

    @Test
    void waitsThatEndedMeanwhileEndAfterAMoment() {
        bench.create("C", "{'durable_name':'C','ack_policy':'explicit','ack_wait':10000000000}");
        bench.publish(stream, "s.a", "1");
        bench.pull("C", "in", "1");
        bench.account.take();
        bench.close();
        bench.pass(Duration.ofSeconds(60));
        bench.reopen();

        bench.pull("C", "in", "{'batch':9,'expires':60000000000}");
        assertThat(bench.sentTo("in")).isEmpty();
        bench.advance(Duration.ofSeconds(1));
        assertThat(bench.sentTo("in")).extracting(FakeAccount.Sent::payload).containsExactly("1");
    }

    @Test
    void messagesOutOfDeliveriesStayOut() {
        bench.create("C", "{'durable_name':'C','ack_policy':'explicit','ack_wait':1000000000,'max_deliver':1}");
        bench.publish(stream, "s.a", "1");
        bench.pull("C", "in", "1");
        bench.advance(Duration.ofSeconds(1));
        bench.account.take();

        bench.restart();

        assertThat(number(bench.info("C"), "num_ack_pending")).isZero();
        bench.pull("C", "in", "{'batch':9,'expires':60000000000}");
        bench.advance(Duration.ofSeconds(5));
        assertThat(bench.sentTo("in")).isEmpty();
    }

    @Test
    void configurationAndCreationTimeSurvive() {
        var before = bench.create("C", "{'durable_name':'C','ack_policy':'explicit','description':'d'}");
        bench.restart();
        var after = bench.info("C");

        assertThat(after.get("config")).isEqualTo(before.get("config"));
        assertThat(after.get("created")).isEqualTo(before.get("created"));
    }

    @Test
    void aNamedEphemeralSurvivesButGoesUnused() {
        bench.create("C", "{'ack_policy':'explicit'}");
        bench.restart();
        assertThat(error(bench.info("C"))).isZero();
        bench.advance(Duration.ofSeconds(7));
        assertThat(error(bench.info("C"))).isEqualTo(10014);
    }

    @Test
    void consumersInMemoryEndWithTheProcess() {
        bench.create("C", "{'durable_name':'C','ack_policy':'none','mem_storage':true}");
        bench.restart();
        assertThat(error(bench.info("C"))).isEqualTo(10014);
    }

    @Test
    void lastPerSubjectGoesOnWhereItWas() {
        bench.publish(stream, "s.a", "a1", "a2");
        bench.publish(stream, "s.b", "b1", "b2");
        bench.publish(stream, "s.c", "c1");
        bench.create(
                "C",
                "{'durable_name':'C','ack_policy':'none','deliver_policy':'last_per_subject','filter_subject':'s.*'}");
        bench.pull("C", "in", "1");
        assertThat(bench.sentTo("in")).extracting(FakeAccount.Sent::payload).containsExactly("a2");

        bench.restart();
        stream = bench.streams.get("S");

        assertThat(number(bench.info("C"), "num_pending")).isEqualTo(2);
        bench.publish(stream, "s.c", "c2", "c3");
        bench.pull("C", "in", "9");
        assertThat(bench.sentTo("in")).extracting(FakeAccount.Sent::payload).containsExactly("b2", "c2", "c3");
    }

    @Test
    void deletedConsumersStayDeleted() {
        bench.create("C", "{'durable_name':'C','ack_policy':'explicit'}");
        bench.request("CONSUMER.DELETE.S.C", "");
        bench.restart();
        assertThat(error(bench.info("C"))).isEqualTo(10014);
    }

    @Test
    void stoppingTellsRequesters() {
        bench.create("C", "{'durable_name':'C','ack_policy':'explicit'}");
        bench.pull("C", "in", "1");
        bench.shutDown();
        assertThat(bench.sentTo("in")).extracting(FakeAccount.Sent::status).containsExactly("409 Server Shutdown");
        bench.reopen();
    }
}
