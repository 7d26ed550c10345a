package io.leafd.jetstream.consumer;

import static io.leafd.jetstream.consumer.PullConsumerTest.number;
import static io.leafd.jetstream.consumer.PullConsumerTest.pairs;
import static org.assertj.core.api.Assertions.assertThat;

import io.leafd.jetstream.stream.Stream;
import io.leafd.protocol.Subject;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a consumer finds again, after an orderly end and after none. */
class JournalTest {
    private static final Duration WRITTEN = Duration.ofNanos(Journal.DELAY_NS);
    private static final String[] VERBS = {"", "-NAK", "+WPI", "+TERM", "-NAK {\"delay\":2000000000}"};

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
    void aCrashTakesBackOnlyTheLastMoment() {
        bench.create("C", "{'durable_name':'C','ack_policy':'explicit'}");
        bench.publish(stream, "s.a", "1", "2", "3", "4");
        bench.pull("C", "in", "2");
        bench.answer(bench.sentTo("in").getFirst(), "");
        bench.advance(WRITTEN);
        bench.pull("C", "in", "1");
        bench.answer(bench.sentTo("in").getFirst(), "");

        bench.crash();

        assertThat(pairs(bench.info("C"))).isEqualTo("delivered 2/2 floor 1/1 pending 1 left 2");
        bench.pull("C", "in", "2");
        assertThat(bench.sentTo("in")).extracting(FakeAccount.Sent::payload).containsExactly("3", "4");
    }

    @Test
    void aConfirmedAcknowledgementSurvivesACrash() {
        bench.create("C", "{'durable_name':'C','ack_policy':'explicit'}");
        bench.publish(stream, "s.a", "1", "2");
        bench.pull("C", "in", "2");
        bench.answer(bench.sentTo("in").get(1), "", "confirmed");

        bench.crash();

        assertThat(pairs(bench.info("C"))).isEqualTo("delivered 2/2 floor 0/0 pending 1 left 0");
    }

    @Test
    void whatAWorkQueueRemovedItsConsumerHasDone() {
        Stream queue = bench.stream("{\"name\":\"Q\",\"subjects\":[\"q.>\"],\"retention\":\"workqueue\"}");
        bench.request(
                "CONSUMER.CREATE.Q.C", "{'stream_name':'Q','config':{'durable_name':'C','ack_policy':'explicit'}}");
        bench.publish(queue, "q.a", "1", "2");
        bench.account.listen("in");
        bench.pullOf("Q", "C", "in", "1");
        bench.answer(bench.sentTo("in").getFirst(), "");

        bench.crash();

        assertThat(pairs(bench.request("CONSUMER.INFO.Q.C", ""))).isEqualTo("delivered 1/1 floor 1/1 pending 0 left 1");
    }

    @Test
    void moreChangesThanMayWaitAreWrittenAtOnce() {
        bench.create("C", "{'durable_name':'C','ack_policy':'explicit','max_ack_pending':-1}");
        int count = Journal.CHANGES_MAX;
        for (int i = 0; i < count; i++) {
            stream.append(Subject.of("s.a"), ByteBuffer.allocate(0), 0, null);
        }
        bench.run();
        bench.pull("C", "in", Integer.toString(count));
        List<FakeAccount.Sent> got = bench.sentTo("in");
        bench.advance(WRITTEN);
        got.forEach(one -> bench.answer(one, ""));

        bench.crash();

        assertThat(number(bench.info("C"), "num_ack_pending")).isZero();
    }

    @Test
    void whateverHappenedARestartFindsIt() {
        for (int seed = 1; seed <= 20; seed++) {
            goThrough(new Random(seed), "C" + seed);
        }
    }

    private void goThrough(Random random, String name) {
        bench.create(
                name,
                "{'durable_name':'%s','ack_policy':'explicit','ack_wait':3000000000,'max_deliver':3}".formatted(name));
        List<FakeAccount.Sent> got = new ArrayList<>();
        for (int step = 0; step < 60; step++) {
            switch (random.nextInt(6)) {
                case 0 -> bench.publish(stream, "s.a", "x", "y");
                case 1 -> bench.pull(name, "in", Integer.toString(1 + random.nextInt(3)));
                case 2, 3 -> {
                    if (!got.isEmpty()) {
                        bench.answer(got.get(random.nextInt(got.size())), VERBS[random.nextInt(VERBS.length)]);
                    }
                }
                case 4 -> bench.advance(Duration.ofMillis(random.nextInt(1500)));
                default -> {
                    bench.pull(name, "out", "{'no_wait':true,'batch':1}"); // none is left open
                    String before = pairs(bench.info(name));
                    long again = number(bench.info(name), "num_redelivered");
                    bench.restart();
                    stream = bench.streams.get("S");
                    assertThat(pairs(bench.info(name))).as(name).isEqualTo(before);
                    assertThat(number(bench.info(name), "num_redelivered"))
                            .as(name)
                            .isEqualTo(again);
                }
            }
            got.addAll(bench.sentTo("in").stream()
                    .filter(one -> one.message().reply() != null)
                    .toList());
        }
    }
}
