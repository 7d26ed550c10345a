package io.leafd.jetstream.consumer;

import static io.leafd.jetstream.consumer.PullConsumerTest.error;
import static io.leafd.jetstream.consumer.PullConsumerTest.number;
import static io.leafd.jetstream.consumer.PullConsumerTest.pairs;
import static org.assertj.core.api.Assertions.assertThat;

import io.leafd.jetstream.stream.Stream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConsumerApiTest {
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

    /** Codes observed on nats-server 2.15. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "CONSUMER.CREATE.S|{}|10056",
                "CONSUMER.CREATE.T|{'stream_name':'T'}|10059",
                "CONSUMER.CREATE.S|{'stream_name':'S','config':{'durable_name':'C'}}|10020",
                "CONSUMER.CREATE.S.C|{'stream_name':'S','config':{'durable_name':'D'}}|10017",
                "CONSUMER.DURABLE.CREATE.S.C|{'stream_name':'S','config':{}}|10018",
                "CONSUMER.DURABLE.CREATE.S.C|{'stream_name':'S','config':{'durable_name':'D'}}|10017",
                "CONSUMER.CREATE.S.C/D|{'stream_name':'S','config':{}}|10127",
                "CONSUMER.CREATE.S.C.s.a|{'stream_name':'S','config':{'filter_subject':'s.b'}}|10131",
                "CONSUMER.CREATE.S.C.s.a|{'stream_name':'S','config':{'filter_subjects':['s.a','s.b']}}|10137",
                "CONSUMER.CREATE.S.C|{'stream_name':'S','config':{},'action':'update'}|10149",
                "CONSUMER.CREATE.S.C|{'stream_name':'S','config':{},'action':'x'}|10025",
                "CONSUMER.CREATE.S.C|{'stream_name':'S','config':{'num_replicas':3}}|10074",
                "CONSUMER.INFO.S.C||10014",
                "CONSUMER.INFO.T.C||10059",
                "CONSUMER.INFO.S.C|{'x':1}|10038",
                "CONSUMER.DELETE.S.C||10014",
                "CONSUMER.PAUSE.S.C||10014",
                "CONSUMER.UNPIN.S.C|{}|10025",
                "CONSUMER.UNPIN.S.C|{'group':'A'}|10014",
                "CONSUMER.NAMES.T||10059",
                "CONSUMER.LIST.S|{'offset':'x'}|10025",
            })
    void refuses(String subject, @Nullable String body, int errCode) {
        assertThat(error(bench.request(subject, body == null ? "" : body))).isEqualTo(errCode);
    }

    @Test
    void resetOfAnUnknownConsumerIsNotAnswered() {
        assertThat(bench.request("CONSUMER.RESET.S.C", "")).isEmpty();
    }

    @Test
    void theFourFormsMakeConsumers() {
        var made = bench.request("CONSUMER.CREATE.S", "{'stream_name':'S','config':{}}");
        assertThat(String.valueOf(made.get("name"))).matches("[0-9A-Za-z]{8}");
        assertThat(String.valueOf(made.get("config"))).doesNotContain("name=");
        assertThat(bench.request("CONSUMER.CREATE.S.A", "{'stream_name':'S','config':{}}"))
                .containsEntry("name", "A");
        assertThat(bench.request("CONSUMER.CREATE.S.B.s.x", "{'stream_name':'S','config':{'filter_subject':'s.x'}}"))
                .containsEntry("name", "B");
        assertThat(bench.request("CONSUMER.DURABLE.CREATE.S.D", "{'stream_name':'S','config':{'durable_name':'D'}}"))
                .containsEntry("name", "D");
        assertThat(bench.request("CONSUMER.NAMES.S", ""))
                .containsEntry("total", 4L)
                .containsEntry("limit", 1024L)
                .containsEntry("offset", 0L);
        assertThat(bench.request("CONSUMER.NAMES.S", "{'offset':9}"))
                .containsEntry("offset", 4L)
                .containsEntry("consumers", List.of());
        assertThat(bench.streams.get("S").consumers().count()).isEqualTo(4);
    }

    @Test
    void createTwiceWithTheSameConfiguration() {
        String durable = "{'stream_name':'S','config':{'durable_name':'C','ack_policy':'explicit'},'action':'create'}";
        assertThat(error(bench.request("CONSUMER.CREATE.S.C", durable))).isZero();
        assertThat(error(bench.request("CONSUMER.CREATE.S.C", durable))).isZero();
        assertThat(error(bench.request("CONSUMER.CREATE.S.C", durable.replace("explicit", "all"))))
                .isEqualTo(10148);
        String ephemeral = "{'stream_name':'S','config':{},'action':'create'}";
        assertThat(error(bench.request("CONSUMER.CREATE.S.E", ephemeral))).isZero();
        assertThat(error(bench.request("CONSUMER.CREATE.S.E", ephemeral)))
                .as("the stored one has a threshold")
                .isEqualTo(10148);
    }

    @Test
    void updatesKeepThePosition() {
        bench.create("C", "{'durable_name':'C','ack_policy':'explicit'}");
        bench.publish(stream, "s.a", "1", "2");
        bench.publish(stream, "s.b", "3");
        bench.pull("C", "in", "1");
        var updated = bench.create("C", "{'durable_name':'C','ack_policy':'explicit','filter_subject':'s.b'}");

        assertThat(number(updated, "num_pending")).isEqualTo(1);
        assertThat(pairs(updated)).startsWith("delivered 1/1");
        assertThat(error(bench.create("C", "{'durable_name':'C','ack_policy':'none'}")))
                .isEqualTo(10012);
    }

    @Test
    void startingPositions() {
        bench.publish(stream, "s.a", "a1", "a2");
        bench.publish(stream, "s.b", "b1", "b2");
        bench.publish(stream, "s.c", "c1");
        assertThat(first("{'deliver_policy':'all'}")).isEqualTo("a1 a2 b1 b2 c1");
        assertThat(first("{'deliver_policy':'last'}")).isEqualTo("c1");
        assertThat(first("{'deliver_policy':'last','filter_subject':'s.a'}")).isEqualTo("a2");
        assertThat(first("{'deliver_policy':'new'}")).isEmpty();
        assertThat(first("{'deliver_policy':'by_start_sequence','opt_start_seq':4}"))
                .isEqualTo("b2 c1");
        assertThat(first("{'deliver_policy':'by_start_sequence','opt_start_seq':40}"))
                .isEmpty();
        assertThat(first("{'deliver_policy':'by_start_time','opt_start_time':'2020-01-01T00:00:00Z'}"))
                .isEqualTo("a1 a2 b1 b2 c1");
        assertThat(first("{'deliver_policy':'by_start_time','opt_start_time':'2030-01-01T00:00:00Z'}"))
                .isEmpty();
        assertThat(first("{'deliver_policy':'last_per_subject','filter_subject':'s.>'}"))
                .isEqualTo("a2 b2 c1");
        assertThat(first("{'filter_subjects':['s.a','s.c']}")).isEqualTo("a1 a2 c1");
        assertThat(first("{'filter_subject':'other'}")).isEmpty();
    }

    @Test
    void filtersCountOnlyWhatTheySelect() {
        var made = bench.create("C", "{'durable_name':'C','ack_policy':'explicit','filter_subject':'s.a'}");
        assertThat(number(made, "num_pending")).isZero();
        bench.publish(stream, "s.a", "1");
        bench.publish(stream, "s.b", "2", "3");
        bench.publish(stream, "s.a", "4");
        assertThat(number(bench.info("C"), "num_pending")).isEqualTo(2);
        bench.store.loop().control(() -> stream.delete(4));
        bench.run();
        assertThat(number(bench.info("C"), "num_pending")).isEqualTo(1);
    }

    @Test
    void resetStartsOver() {
        bench.create("C", "{'durable_name':'C','ack_policy':'explicit'}");
        bench.publish(stream, "s.a", "1", "2", "3");
        bench.pull("C", "in", "3");
        bench.answer(bench.sentTo("in").getFirst(), "");

        var reset = bench.request("CONSUMER.RESET.S.C", "");
        assertThat(reset).containsEntry("reset_seq", 2L);
        assertThat(pairs(reset)).isEqualTo("delivered 0/1 floor 0/1 pending 0 left 2");
        bench.pull("C", "in", "1");
        assertThat(bench.sentTo("in").getFirst().reply()).contains("S.C.1.2.1.");
        assertThat(bench.request("CONSUMER.RESET.S.C", "{'seq':1}")).containsEntry("reset_seq", 1L);

        bench.create("N", "{'durable_name':'N','ack_policy':'explicit','deliver_policy':'new'}");
        assertThat(error(bench.request("CONSUMER.RESET.S.N", "{'seq':1}"))).isEqualTo(10204);
        bench.create(
                "Q",
                "{'durable_name':'Q','ack_policy':'explicit','deliver_policy':'by_start_sequence','opt_start_seq':2}");
        assertThat(error(bench.request("CONSUMER.RESET.S.Q", "{'seq':1}"))).isEqualTo(10204);
    }

    @Test
    void purgesMoveTheConsumer() {
        bench.create("C", "{'durable_name':'C','ack_policy':'explicit'}");
        bench.publish(stream, "s.a", "1", "2", "3");
        bench.pull("C", "in", "2");
        bench.store.loop().control(() -> stream.purge(io.leafd.store.log.Purge.ALL, count -> {}));
        bench.run();

        assertThat(pairs(bench.info("C"))).isEqualTo("delivered 2/3 floor 2/3 pending 0 left 0");
        bench.publish(stream, "s.a", "4");
        bench.account.take();
        bench.pull("C", "in", "1");
        assertThat(bench.sentTo("in")).extracting(FakeAccount.Sent::payload).containsExactly("4");
    }

    @Test
    void aDeletedPendingMessageIsTerminated() {
        bench.account.listen("$JS.EVENT.>");
        bench.create("C", "{'durable_name':'C','ack_policy':'explicit'}");
        bench.publish(stream, "s.a", "1", "2");
        bench.pull("C", "in", "2");
        bench.account.take();
        bench.store.loop().control(() -> stream.delete(1));
        bench.run();

        assertThat(bench.sentTo("$JS.EVENT.ADVISORY.CONSUMER.MSG_TERMINATED.S.C"))
                .singleElement()
                .satisfies(event ->
                        assertThat(event.payload()).contains("\"reason\":\"Unacknowledged message was deleted\""));
        assertThat(pairs(bench.info("C"))).isEqualTo("delivered 2/2 floor 1/1 pending 1 left 0");
    }

    @Test
    void workqueuesAreSharedWithoutOverlap() {
        bench.stream("{\"name\":\"W\",\"subjects\":[\"w.>\"],\"retention\":\"workqueue\"}");
        assertThat(work("A", "{'ack_policy':'all','deliver_subject':'d'}")).isEqualTo(10098);
        assertThat(work("A", "{'ack_policy':'none'}")).isEqualTo(10084);
        assertThat(work("A", "{'ack_policy':'explicit','deliver_policy':'new'}"))
                .isEqualTo(10101);
        assertThat(work("A", "{'ack_policy':'explicit','filter_subject':'w.a'}"))
                .isZero();
        assertThat(work("B", "{'ack_policy':'explicit'}")).isEqualTo(10099);
        assertThat(work("B", "{'ack_policy':'explicit','filter_subject':'w.*'}"))
                .isEqualTo(10100);
        assertThat(work("B", "{'ack_policy':'explicit','filter_subject':'w.b'}"))
                .isZero();
    }

    @Test
    void workIsGoneWhenItIsAcknowledged() {
        Stream work = bench.stream("{\"name\":\"W\",\"subjects\":[\"w.>\"],\"retention\":\"workqueue\"}");
        work("A", "{'durable_name':'A','ack_policy':'explicit'}");
        bench.publish(work, "w.a", "1", "2");
        bench.account.listen("in");
        bench.pullOf("W", "A", "in", "2");
        List<FakeAccount.Sent> got = bench.sentTo("in");
        bench.answer(got.get(0), "");
        assertThat(work.log().messages()).isEqualTo(1);
        bench.answer(got.get(1), "+TERM");
        assertThat(work.log().messages()).isZero();
    }

    @Test
    void interestKeepsWhatSomebodyStillNeeds() {
        Stream kept = bench.stream("{\"name\":\"I\",\"subjects\":[\"i.>\"],\"retention\":\"interest\"}");
        bench.publish(kept, "i.a", "nobody");
        assertThat(kept.log().messages()).isZero();
        bench.request(
                "CONSUMER.CREATE.I.A", "{'stream_name':'I','config':{'durable_name':'A','ack_policy':'explicit'}}");
        bench.request(
                "CONSUMER.CREATE.I.B",
                "{'stream_name':'I','config':{'durable_name':'B','ack_policy':'explicit','filter_subject':'i.b'}}");
        bench.publish(kept, "i.a", "a");
        bench.publish(kept, "i.b", "b");
        bench.account.listen("in");
        bench.pullOf("I", "A", "in", "2");
        for (FakeAccount.Sent sent : bench.sentTo("in")) {
            bench.answer(sent, "");
        }
        assertThat(kept.log().messages()).as("b waits for B").isEqualTo(1);
        bench.request("CONSUMER.DELETE.I.B", "");
        assertThat(kept.log().messages()).isZero();
    }

    @Test
    void mirrorsOfAStreamThatKeepsEverythingGetHiddenConsumers() {
        bench.publish(stream, "s.a", "1", "2");
        bench.account.listen("$JS.M.abc");
        var made = bench.request("CONSUMER.CREATE.S", mirror("JS_MIRROR_x"));

        String name = String.valueOf(made.get("name"));
        assertThat(name).matches("JS_MIRROR_x-\\w{8}");
        assertThat(bench.account.filters())
                .contains("$JS.FC.S." + name + ".*", "$JS.FC.edge.NUmM6cRx.S." + name + ".*");
        assertThat(bench.sentTo("$JS.M.abc"))
                .extracting(FakeAccount.Sent::payload)
                .containsExactly("1", "2");
        assertThat(bench.request("CONSUMER.NAMES.S", "")).containsEntry("total", 0L);
        assertThat(bench.streams.get("S").consumers().count()).isZero();
        bench.advance(java.time.Duration.ofSeconds(1));
        assertThat(bench.sentTo("$JS.M.abc"))
                .extracting(FakeAccount.Sent::status)
                .containsExactly("100 Idle Heartbeat");
    }

    @Test
    void mirrorsOfAWorkqueueGetADurableConsumer() {
        Stream work = bench.stream("{\"name\":\"W\",\"subjects\":[\"w.>\"],\"retention\":\"workqueue\"}");
        bench.publish(work, "w.a", "1", "2");
        bench.account.listen("$JS.M.abc");
        var made = bench.request("CONSUMER.CREATE.W", mirror("JS_SRC_x").replace("'S'", "'W'"));

        assertThat(made).containsEntry("name", "JS_SRC_x");
        assertThat((Map<?, ?>) made.get("config")).isNotNull().satisfies(config -> {
            assertThat(config.get("ack_policy")).isEqualTo("flow_control");
            assertThat(config.get("durable_name")).isEqualTo("JS_SRC_x");
        });
        bench.advance(java.time.Duration.ofSeconds(1));
        FakeAccount.Sent request = bench.sentTo("$JS.M.abc").getLast();
        assertThat(work.log().messages()).isEqualTo(2);
        bench.account.send(io.leafd.protocol.Message.withHeaders(
                io.leafd.protocol.Subject.of(request.reply()),
                null,
                io.leafd.protocol.Headers.with(new byte[0], "Nats-Last-Consumer", "2", "Nats-Last-Stream", "2"),
                new byte[0]));
        bench.run();
        assertThat(work.log().messages()).isZero();
    }

    @Test
    void limitsOfTheStreamBindItsConsumers() {
        bench.stream("{\"name\":\"L\",\"subjects\":[\"l\"],\"max_consumers\":1}");
        assertThat(error(bench.request("CONSUMER.CREATE.L.A", "{'stream_name':'L','config':{}}")))
                .isZero();
        assertThat(error(bench.request("CONSUMER.CREATE.L.B", "{'stream_name':'L','config':{}}")))
                .isEqualTo(10026);
    }

    private static String mirror(String name) {
        return "{'stream_name':'S','config':{'name':'" + name + "','deliver_policy':'all','ack_policy':'none',"
                + "'ack_wait':79200000000000,'max_deliver':1,'replay_policy':'instant','flow_control':true,"
                + "'deliver_subject':'$JS.M.abc','idle_heartbeat':1000000000,'inactive_threshold':10000000000,"
                + "'num_replicas':0,'direct':true,'sourcing':true},'action':''}";
    }

    private int work(String name, String config) {
        return error(bench.request("CONSUMER.CREATE.W." + name, "{'stream_name':'W','config':" + config + "}"));
    }

    /** Payloads that a fresh consumer of S with this configuration gets. */
    private String first(String config) {
        bench.create("T", config.replace("{", "{'ack_policy':'none',"));
        bench.pull("T", "first", "100");
        String got = String.join(
                " ",
                bench.sentTo("first").stream().map(FakeAccount.Sent::payload).toList());
        bench.request("CONSUMER.DELETE.S.T", "");
        bench.account.take();
        return got;
    }
}
