package io.leafd.test.jetstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.leafd.test.conformance.Brokers;
import io.leafd.test.conformance.Conformance;
import io.leafd.test.peer.Deadline;
import io.leafd.test.peer.JsonTree;
import io.leafd.test.setup.ServerSetup;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Making, changing, listing and losing consumers. */
@Conformance
class ConsumerIT {

    private static final ServerSetup SETUP = ServerSetup.open("consumer").jetstream("shop");

    private final Brokers brokers;

    ConsumerIT(Brokers brokers) {
        this.brokers = brokers;
    }

    @Test
    void consumerIsMadeThroughEachOfTheFourSubjects() {
        try (JetStream js = JetStream.of(brokers.with(SETUP))) {
            js.stream("FORMS", "\"subjects\":[\"forms.>\"]");
            JsonTree generated = js.ok("CONSUMER.CREATE.FORMS", "{\"stream_name\":\"FORMS\",\"config\":{}}");
            assertThat(generated.text("name")).matches("[0-9A-Za-z]{8}");
            assertThat(generated.has("config.name")).isFalse();
            assertThat(generated.text("config.ack_policy")).isEqualTo("none");
            assertThat(js.consumer("FORMS", "named", "").text("config.name")).isEqualTo("named");
            JsonTree filtered = js.ok(
                    "CONSUMER.CREATE.FORMS.filtered.forms.a.>",
                    JetStream.consumerRequest("FORMS", "filtered", "\"filter_subject\":\"forms.a.>\""));
            assertThat(filtered.text("config.filter_subject")).isEqualTo("forms.a.>");
            JsonTree durable = js.ok(
                    "CONSUMER.DURABLE.CREATE.FORMS.durable",
                    "{\"stream_name\":\"FORMS\",\"config\":{\"durable_name\":\"durable\",\"ack_policy\":\"explicit\"}}");
            assertThat(durable.text("config.durable_name")).isEqualTo("durable");
            assertThat(durable.number("config.ack_wait")).isEqualTo(30_000_000_000L);
            assertThat(durable.number("config.max_ack_pending")).isEqualTo(1_000);
            assertThat(durable.number("config.max_waiting")).isEqualTo(512);
            assertThat(durable.number("config.max_deliver")).isEqualTo(-1);
            assertThat(js.info("FORMS").number("state.consumer_count")).isEqualTo(4);
        }
    }

    @Test
    void namesThatDoNotAgreeAreRefused() {
        try (JetStream js = JetStream.of(brokers.with(SETUP))) {
            js.stream("NAMES", "\"subjects\":[\"names.>\"]");
            assertRefused(js, "CREATE.NAMES", "{\"stream_name\":\"OTHER\",\"config\":{}}", 10056);
            assertRefused(js, "CREATE.NAMES", "{\"stream_name\":\"NAMES\",\"config\":{\"durable_name\":\"d\"}}", 10020);
            assertRefused(
                    js, "CREATE.NAMES.a", "{\"stream_name\":\"NAMES\",\"config\":{\"durable_name\":\"b\"}}", 10017);
            assertRefused(
                    js,
                    "CREATE.NAMES.a.names.x",
                    "{\"stream_name\":\"NAMES\",\"config\":{\"name\":\"a\",\"filter_subject\":\"names.y\"}}",
                    10131);
            assertRefused(
                    js,
                    "CREATE.NAMES.a.names.x",
                    "{\"stream_name\":\"NAMES\",\"config\":{\"name\":\"a\",\"filter_subjects\":[\"names.x\"]}}",
                    10137);
            assertRefused(js, "DURABLE.CREATE.NAMES.a", "{\"stream_name\":\"NAMES\",\"config\":{}}", 10018);
            assertRefused(
                    js,
                    "DURABLE.CREATE.NAMES.a",
                    "{\"stream_name\":\"NAMES\",\"config\":{\"durable_name\":\"b\"}}",
                    10017);
            assertRefused(js, "CREATE.NAMES.a", "{\"stream_name\":\"NAMES\",\"config\":{},\"foo\":1}", 10025);
            assertRefused(js, "CREATE.NONE.a", "{\"stream_name\":\"NONE\",\"config\":{}}", 10059);
            assertRefused(js, "INFO.NAMES.none", "", 10014);
            assertRefused(js, "DELETE.NAMES.none", "", 10014);
        }
    }

    @Test
    void impossibleConfigurationsAreRefused() {
        try (JetStream js = JetStream.of(brokers.with(SETUP))) {
            js.stream("BAD", "\"subjects\":[\"bad.>\"]");
            assertBad(js, "\"deliver_policy\":\"last\",\"opt_start_seq\":3", 10094);
            assertBad(js, "\"deliver_policy\":\"by_start_sequence\"", 10094);
            assertBad(js, "\"deliver_policy\":\"last_per_subject\"", 10094);
            assertBad(js, "\"filter_subject\":\"bad.a\",\"filter_subjects\":[\"bad.b\"]", 10136);
            assertBad(js, "\"filter_subjects\":[\"bad.a\",\"bad.*\"]", 10138);
            assertBad(js, "\"filter_subjects\":[\"bad.a\",\"\"]", 10139);
            assertBad(js, "\"ack_policy\":\"explicit\",\"backoff\":[1000000,2000000],\"max_deliver\":1", 10116);
            assertBad(js, "\"rate_limit_bps\":1024", 10086);
            assertBad(js, "\"flow_control\":true", 10089);
            assertBad(js, "\"idle_heartbeat\":1000000000", 10088);
            assertBad(js, "\"deliver_subject\":\"to.*\"", 10079);
            assertBad(js, "\"deliver_subject\":\"bad.loop\"", 10081);
            assertBad(js, "\"deliver_subject\":\"to\",\"flow_control\":true", 10108);
            assertBad(js, "\"deliver_subject\":\"to\",\"idle_heartbeat\":1000", 10083);
            assertBad(js, "\"deliver_subject\":\"to\",\"max_waiting\":5", 10080);
            assertBad(js, "\"num_replicas\":3", 10074);
            assertThat(js.call(
                                    "CONSUMER.CREATE.BAD.x",
                                    JetStream.consumerRequest("BAD", "x", "\"ack_policy\":\"maybe\""))
                            .number("error.err_code"))
                    .isEqualTo(10025);
            assertThat(js.ok("CONSUMER.NAMES.BAD", "").texts("consumers")).isEmpty();
        }
    }

    @Test
    void actionsSayWhetherItMayExist() {
        try (JetStream js = JetStream.of(brokers.with(SETUP))) {
            js.stream("ACTION", "\"subjects\":[\"action\"]");
            assertRefused(js, "CREATE.ACTION.c", action("\"ack_policy\":\"explicit\"", "update"), 10149);
            js.ok("CONSUMER.CREATE.ACTION.c", action("\"ack_policy\":\"explicit\"", "create"));
            js.ok("CONSUMER.CREATE.ACTION.c", action("\"ack_policy\":\"explicit\"", "create"));
            assertRefused(
                    js,
                    "CREATE.ACTION.c",
                    action("\"ack_policy\":\"explicit\",\"description\":\"d\"", "create"),
                    10148);
            JsonTree updated = js.ok(
                    "CONSUMER.CREATE.ACTION.c", action("\"ack_policy\":\"explicit\",\"description\":\"e\"", "update"));
            assertThat(updated.text("config.description")).isEqualTo("e");
            js.ok("CONSUMER.CREATE.ACTION.c", action("\"ack_policy\":\"explicit\",\"max_ack_pending\":5", ""));
            assertThat(js.consumerInfo("ACTION", "c").number("config.max_ack_pending"))
                    .isEqualTo(5);
            assertRefused(js, "CREATE.ACTION.c", action("\"ack_policy\":\"all\"", ""), 10012);
            assertRefused(
                    js, "CREATE.ACTION.c", action("\"ack_policy\":\"explicit\",\"deliver_policy\":\"new\"", ""), 10012);
        }
    }

    @Test
    void startingPlaceIsWhereThePolicySays() {
        try (JetStream js = JetStream.of(brokers.with(SETUP))) {
            js.stream("START", "\"subjects\":[\"start.>\"]");
            for (int seq = 1; seq <= 6; seq++) {
                js.stored(seq, "start." + (seq % 2 == 0 ? "even" : "odd"), "x");
            }
            assertStart(js, "\"deliver_policy\":\"all\"", 0, 6);
            assertStart(js, "\"deliver_policy\":\"last\"", 5, 1);
            assertStart(js, "\"deliver_policy\":\"new\"", 6, 0);
            assertStart(js, "\"deliver_policy\":\"by_start_sequence\",\"opt_start_seq\":4", 3, 3);
            assertStart(js, "\"deliver_policy\":\"last_per_subject\",\"filter_subject\":\"start.>\"", 4, 2);
            assertStart(js, "\"deliver_policy\":\"last\",\"filter_subject\":\"start.odd\"", 4, 1);
            assertStart(js, "\"deliver_policy\":\"by_start_time\",\"opt_start_time\":\"2020-01-01T00:00:00Z\"", 0, 6);
            assertStart(js, "\"filter_subject\":\"start.even\"", 0, 3);
            assertStart(js, "\"filter_subjects\":[\"start.even\",\"start.none\"]", 0, 3);
            assertStart(js, "\"filter_subject\":\"start.none\"", 0, 0);
        }
    }

    @Test
    void consumersAreListedAndDeleted() {
        try (JetStream js = JetStream.of(brokers.with(SETUP))) {
            js.stream("LIST", "\"subjects\":[\"list.>\"]");
            js.consumer("LIST", "b", "");
            js.consumer("LIST", "a", "");
            js.consumer("LIST", "c", "");
            assertThat(js.ok("CONSUMER.NAMES.LIST", "").texts("consumers")).containsExactly("a", "b", "c");
            assertThat(js.ok("CONSUMER.NAMES.LIST", "{\"offset\":2}").texts("consumers"))
                    .containsExactly("c");
            JsonTree list = js.ok("CONSUMER.LIST.LIST", "");
            assertThat(list.number("total")).isEqualTo(3);
            assertThat(list.number("limit")).isEqualTo(256);
            assertThat(list.text("consumers.1.name")).isEqualTo("b");
            assertThat(js.ok("CONSUMER.DELETE.LIST.b", "").isTrue("success")).isTrue();
            assertThat(js.ok("CONSUMER.NAMES.LIST", "").texts("consumers")).containsExactly("a", "c");
        }
    }

    @Test
    void unusedConsumerWithoutDurableNameIsRemovedAndADurableOneStays() {
        try (JetStream js = JetStream.of(brokers.with(SETUP))) {
            js.stream("IDLE", "\"subjects\":[\"idle\"]");
            js.consumer("IDLE", "short", "\"inactive_threshold\":1000000000");
            js.consumer("IDLE", "long", "\"inactive_threshold\":60000000000");
            js.ok(
                    "CONSUMER.DURABLE.CREATE.IDLE.durable",
                    "{\"stream_name\":\"IDLE\",\"config\":{\"durable_name\":\"durable\",\"ack_policy\":\"explicit\"}}");
            assertThat(js.consumer("IDLE", "default", "").number("config.inactive_threshold"))
                    .isEqualTo(5_000_000_000L);
            assertThat(js.ok("CONSUMER.NAMES.IDLE", "").texts("consumers")).contains("short");
            Deadline.await(
                    "the short one to go",
                    Deadline.ANSWER,
                    () -> !js.ok("CONSUMER.NAMES.IDLE", "").texts("consumers").contains("short"));
            assertThat(js.ok("CONSUMER.NAMES.IDLE", "").texts("consumers")).contains("long", "durable");
        }
    }

    @Test
    void consumerInUseIsNotRemoved() {
        try (JetStream js = JetStream.of(brokers.with(SETUP))) {
            js.stream("USED", "\"subjects\":[\"used\"]");
            js.consumer("USED", "pulled", "\"inactive_threshold\":500000000");
            js.consumer("USED", "watch", "\"inactive_threshold\":500000000");
            var inbox = js.inbox();
            js.send(
                    "$JS.API.CONSUMER.MSG.NEXT.USED.pulled",
                    inbox.getSubject(),
                    "{\"batch\":1,\"expires\":4000000000}");
            long startNs = System.nanoTime();
            Deadline.await(
                    "the idle one to go",
                    Deadline.ANSWER,
                    () -> !js.ok("CONSUMER.NAMES.USED", "").texts("consumers").contains("watch"));
            if (System.nanoTime() - startNs < Duration.ofSeconds(3).toNanos()) {
                assertThat(js.ok("CONSUMER.NAMES.USED", "").texts("consumers")).containsExactly("pulled");
            }
        }
    }

    @Test
    void durableConsumerAndItsPlaceSurviveARestart() {
        var server = brokers.own(ServerSetup.open("consumer-restart").jetstream("shop"));
        try (JetStream js = JetStream.of(server)) {
            js.stream("KEEP", "\"subjects\":[\"keep\"]");
            js.ok(
                    "CONSUMER.DURABLE.CREATE.KEEP.d",
                    "{\"stream_name\":\"KEEP\",\"config\":{\"durable_name\":\"d\",\"ack_policy\":\"explicit\"}}");
            for (int seq = 1; seq <= 5; seq++) {
                js.stored(seq, "keep", "x" + seq);
            }
            var inbox = js.inbox();
            js.send("$JS.API.CONSUMER.MSG.NEXT.KEEP.d", inbox.getSubject(), "3");
            for (int i = 0; i < 3; i++) {
                var message = JetStream.next(inbox);
                if (i != 1) {
                    js.request(message.getReplyTo(), "+ACK");
                }
            }
        }
        server.terminate();
        server.start();
        try (JetStream js = JetStream.of(server)) {
            assertThat(js.info("KEEP").number("state.messages")).isEqualTo(5);
            JsonTree info = js.consumerInfo("KEEP", "d");
            assertThat(info.number("delivered.stream_seq")).isEqualTo(3);
            assertThat(info.number("delivered.consumer_seq")).isEqualTo(3);
            assertThat(info.number("ack_floor.stream_seq")).isEqualTo(1);
            assertThat(info.number("num_ack_pending")).isEqualTo(1);
            assertThat(info.number("num_pending")).isEqualTo(2);
        }
    }

    private static void assertStart(JetStream js, String config, long deliveredSeq, long pending) {
        JsonTree made = js.consumer("START", "s", config + ",\"ack_policy\":\"explicit\"");
        assertThat(made.number("delivered.stream_seq")).as(config).isEqualTo(deliveredSeq);
        assertThat(made.number("delivered.consumer_seq")).as(config).isZero();
        assertThat(made.number("num_pending")).as(config).isEqualTo(pending);
        js.ok("CONSUMER.DELETE.START.s", "");
    }

    private static void assertBad(JetStream js, String config, int errorCode) {
        assertRefused(js, "CREATE.BAD.x", JetStream.consumerRequest("BAD", "x", config), errorCode);
    }

    private static void assertRefused(JetStream js, String verb, String request, int errorCode) {
        JsonTree answer = js.call("CONSUMER." + verb, request);
        assertThat(answer.has("error")).as("%s: %s", request, answer).isTrue();
        assertThat(answer.number("error.err_code"))
                .as("%s: %s", request, answer)
                .isEqualTo(errorCode);
    }

    private static String action(String config, String action) {
        return "{\"stream_name\":\"ACTION\",\"config\":{\"durable_name\":\"c\",%s},\"action\":\"%s\"}"
                .formatted(config, action);
    }
}
