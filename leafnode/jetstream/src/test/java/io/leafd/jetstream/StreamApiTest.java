package io.leafd.jetstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.leafd.jetstream.api.AccountLimits;
import io.leafd.protocol.Message;
import io.leafd.protocol.Subject;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StreamApiTest {
    private static final String CONFIG_A = "{\"name\":\"A\",\"subjects\":[\"A\"],\"retention\":\"limits\","
            + "\"max_consumers\":-1,\"max_msgs\":-1,\"max_bytes\":-1,\"max_age\":0,\"max_msgs_per_subject\":-1,"
            + "\"max_msg_size\":-1,\"discard\":\"old\",\"storage\":\"file\",\"num_replicas\":1,"
            + "\"duplicate_window\":120000000000,\"compression\":\"none\",\"allow_direct\":false,"
            + "\"mirror_direct\":false,\"sealed\":false,\"deny_delete\":false,\"deny_purge\":false,"
            + "\"allow_rollup_hdrs\":false,\"consumer_limits\":{},\"allow_msg_ttl\":false,\"metadata\":{%s}}";
    private static final String SINGLE_METADATA =
            "\"_nats.level\":\"5\",\"_nats.req.level\":\"0\",\"_nats.ver\":\"2.15.2\"";
    private static final String EMPTY_STATE = "\"state\":{\"messages\":0,\"bytes\":0,\"first_seq\":0,"
            + "\"first_ts\":\"0001-01-01T00:00:00Z\",\"last_seq\":0,\"last_ts\":\"0001-01-01T00:00:00Z\","
            + "\"consumer_count\":0}";
    private static final String NOW = "2026-01-02T03:04:05Z";

    @TempDir
    Path directory;

    private TestServer server;

    @BeforeEach
    void open() {
        server = TestServer.on(directory);
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void createAnswersWithEverythingThatWasFilledIn() {
        assertThat(server.request("STREAM.CREATE.A", "{\"name\":\"A\"}"))
                .isEqualTo("{\"type\":\"io.nats.jetstream.api.v1.stream_create_response\",\"config\":"
                        + CONFIG_A.formatted(SINGLE_METADATA) + ",\"created\":\"" + NOW + "\"," + EMPTY_STATE
                        + ",\"ts\":\""
                        + NOW + "\",\"did_create\":true}");
    }

    @Test
    void aStreamThatIsKeptForAPartOfTheServerIsLeftAlone() {
        server.request("STREAM.CREATE.A", "{\"name\":\"A\"}");
        server.publish("A", "1");
        server.stream("A").keepFor("forward \"f\" of upstream \"hq\"");
        String why =
                "stream belongs to forward \\\"f\\\" of upstream \\\"hq\\\"; remove that from the configuration first";

        assertThat(server.request("STREAM.DELETE.A", "")).isEqualTo(error("stream_delete", 500, 10050, why));
        assertThat(server.request("STREAM.UPDATE.A", "{\"name\":\"A\",\"max_msgs\":1}"))
                .isEqualTo(error("stream_update", 500, 10069, why));
        assertThat(server.request("STREAM.PURGE.A", "")).contains("\"err_code\":10110", why);
        assertThat(server.request("STREAM.MSG.DELETE.A", "{\"seq\":1}")).contains("\"err_code\":10057", why);
        assertThat(server.request("STREAM.INFO.A", "")).contains("\"messages\":1");
    }

    @Test
    void sameConfigurationAgainIsSuccess() {
        server.request("STREAM.CREATE.A", "{\"name\":\"A\"}");

        assertThat(server.request(
                        "STREAM.CREATE.A", "{\"name\":\"A\",\"max_msgs\":-1,\"metadata\":{\"_nats.ver\":\"x\"}}"))
                .contains("\"did_create\":true");
        assertThat(server.request("STREAM.CREATE.A", "{\"name\":\"A\",\"max_msgs\":5}"))
                .isEqualTo(error(
                        "stream_create", 400, 10058, "stream name already in use with a different configuration"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "A | {} | 400 | 10056 | stream name in subject does not match request",
                "A | `` | 400 | 10056 | stream name in subject does not match request",
                "A | {\"name\":\"B\"} | 400 | 10056 | stream name in subject does not match request",
                "A/b | {\"name\":\"A/b\"} | 400 | 10128 | Stream name can not contain path separators",
                "A | {\"name\":\"A\",\"foo\":1} | 400 | 10025 | invalid JSON: json: unknown field \"foo\"",
                "A | {\"name\":\"A\",\"mirror\":{\"name\":\"X\",\"foo\":1}} | 400 | 10025 | invalid JSON: json: unknown field \"foo\"",
                "A | {\"name\":\"A\",\"max_msgs\":\"x\"} | 400 | 10025 | invalid JSON: json: cannot unmarshal string into Go struct field StreamConfigRequest.max_msgs of type int64",
                "A | {\"name\":\"A\",\"max_msg_size\":99999999999} | 400 | 10025 | invalid JSON: json: cannot unmarshal number 99999999999 into Go struct field StreamConfigRequest.max_msg_size of type int32",
                "A | {\"name\":\"A\",\"retention\":\"foo\"} | 400 | 10025 | invalid JSON: can not unmarshal \"\\\"foo\\\"\"",
                "A | {\"name\":\"A\",\"compression\":\"foo\"} | 400 | 10025 | invalid JSON: unknown compression algorithm",
                "A | {\"name\":\"A\",\"subjects\":[1]} | 400 | 10025 | invalid JSON: json: cannot unmarshal number into StreamConfigRequest.subjects.0 of type string",
                "A | {\"name\":\"A\",\"metadata\":{\"a\":1}} | 400 | 10025 | invalid JSON: json: cannot unmarshal number into Go struct field StreamConfigRequest.metadata.a of type string",
                "A | {\"name\":\"A\",\"sealed\":true} | 500 | 10052 | stream configuration for create can not be sealed",
            })
    void wrongCreateIsRefused(String name, String body, int code, int errCode, String text) {
        assertThat(server.request("STREAM.CREATE." + name, body))
                .isEqualTo(error(
                        "stream_create",
                        code,
                        errCode,
                        text.replace("\\", "\\\\").replace("\"", "\\\"").replace(">", "\\u003e")));
    }

    @Test
    void subjectsOfTwoStreamsMustNotMeet() {
        server.request("STREAM.CREATE.A", "{\"name\":\"A\",\"subjects\":[\"a.*\"]}");
        server.request("STREAM.CREATE.B", "{\"name\":\"B\",\"subjects\":[\"b\"]}");

        String overlap = "\"err_code\":10065";
        assertThat(server.request("STREAM.CREATE.C", "{\"name\":\"C\",\"subjects\":[\"a.>\"]}"))
                .contains(overlap);
        assertThat(server.request("STREAM.UPDATE.B", "{\"name\":\"B\",\"subjects\":[\"a.b\"]}"))
                .contains(overlap);
        assertThat(server.request("STREAM.UPDATE.A", "{\"name\":\"A\",\"subjects\":[\"a.*\",\"c\"]}"))
                .contains("\"subjects\":[\"a.*\",\"c\"]");
    }

    @Test
    void updatedSubjectsAreCapturedAndOldOnesLetGo() {
        server.request("STREAM.CREATE.A", "{\"name\":\"A\",\"subjects\":[\"a\",\"b\"]}");
        server.request("STREAM.UPDATE.A", "{\"name\":\"A\",\"subjects\":[\"b\",\"c\"]}");

        assertThat(server.publish("a", "x")).startsWith("NATS/1.0 503");
        assertThat(server.publish("b", "x")).contains("\"seq\":1");
        assertThat(server.publish("c", "x")).contains("\"seq\":2");
    }

    @Test
    void updateChecksTheConfigurationBeforeTheStream() {
        assertThat(server.request("STREAM.UPDATE.C", "{\"name\":\"C\",\"max_age\":5}"))
                .contains("max age needs to be");
        assertThat(server.request("STREAM.UPDATE.C", "{\"name\":\"C\"}")).contains("\"err_code\":10059");
        assertThat(server.request("STREAM.UPDATE.C", ""))
                .contains("\"err_code\":10052", "stream name is required and can not contain");
        assertThat(server.request("STREAM.UPDATE.C", "{\"name\":\"D\"}")).contains("\"err_code\":10056");
    }

    @Test
    void consumersMayRefuseAnUpdate() {
        server.request("STREAM.CREATE.A", "{\"name\":\"A\"}");
        server.consumersOf("A").strict = true;

        assertThat(server.request("STREAM.UPDATE.A", "{\"name\":\"A\",\"max_consumers\":1}"))
                .isEqualTo(error("stream_update", 500, 10069, "change to limits violates consumers: c"));
    }

    @Test
    void updateAnswerShowsTheDomain() {
        server.request("STREAM.CREATE.A", "{\"name\":\"A\"}");

        assertThat(server.request("STREAM.UPDATE.A", "{\"name\":\"A\"}"))
                .isEqualTo("{\"type\":\"io.nats.jetstream.api.v1.stream_update_response\",\"config\":"
                        + CONFIG_A.formatted(SINGLE_METADATA) + ",\"created\":\"" + NOW + "\"," + EMPTY_STATE
                        + ",\"domain\":\"edge\",\"ts\":\"" + NOW + "\"}");
    }

    @Test
    void infoShowsEverything() {
        server.request("STREAM.CREATE.A", "{\"name\":\"A\"}");

        assertThat(server.request("STREAM.INFO.A", ""))
                .isEqualTo("{\"type\":\"io.nats.jetstream.api.v1.stream_info_response\",\"total\":0,\"offset\":0,"
                        + "\"limit\":0,\"config\":" + CONFIG_A.formatted(SINGLE_METADATA) + ",\"created\":\"" + NOW
                        + "\","
                        + EMPTY_STATE + ",\"domain\":\"edge\",\"cluster\":{\"leader\":\"server\"},\"ts\":\"" + NOW
                        + "\"}");
        assertThat(server.request("STREAM.INFO.B", ""))
                .isEqualTo(
                        "{\"type\":\"io.nats.jetstream.api.v1.stream_info_response\",\"error\":{\"code\":404,"
                                + "\"err_code\":10059,\"description\":\"stream not found\"},\"total\":0,\"offset\":0,\"limit\":0}");
        assertThat(server.request("STREAM.INFO.A", "{\"foo\":1}")).contains("\"err_code\":10025");
        assertThat(server.request("STREAM.INFO.A", "no json")).contains("\"config\":");
    }

    @Test
    void infoCountsSubjectsAndGaps() {
        server.request("STREAM.CREATE.A", "{\"name\":\"A\",\"subjects\":[\"a.*\"],\"first_seq\":10}");
        assertThat(server.request("STREAM.INFO.A", "")).contains("\"first_seq\":10,", "\"last_seq\":9,");
        server.publish("a.1", "x");
        server.publish("a.2", "x");
        server.publish("a.1", "x");
        server.publish("a.3", "x");
        server.request("STREAM.MSG.DELETE.A", "{\"seq\":11}");
        server.request("STREAM.MSG.DELETE.A", "{\"seq\":12}");

        assertThat(server.request("STREAM.INFO.A", "{\"subjects_filter\":\">\",\"deleted_details\":true}"))
                .contains(
                        "\"total\":2,\"offset\":0,\"limit\":100000,",
                        "\"state\":{\"messages\":2,\"bytes\":68,\"first_seq\":10,\"first_ts\":\"" + NOW
                                + "\",\"last_seq\":13,\"last_ts\":\"" + NOW + "\",\"num_subjects\":2,"
                                + "\"subjects\":{\"a.1\":1,\"a.3\":1},\"num_deleted\":2,\"deleted\":[11,12],");
        assertThat(server.request("STREAM.INFO.A", "{\"subjects_filter\":\">\",\"offset\":1}"))
                .contains("\"total\":2,\"offset\":1,\"limit\":100000,", "\"subjects\":{\"a.3\":1}");
        assertThat(server.request("STREAM.INFO.A", "{\"subjects_filter\":\"none\"}"))
                .contains("\"total\":0,\"offset\":0,\"limit\":0,")
                .doesNotContain("\"subjects\":{");
    }

    @Test
    void emptiedStreamBeginsBehindItsLastMessage() {
        server.request("STREAM.CREATE.A", "{\"name\":\"A\"}");
        server.publish("A", "x");

        assertThat(server.request("STREAM.PURGE.A", ""))
                .isEqualTo(
                        "{\"type\":\"io.nats.jetstream.api.v1.stream_purge_response\",\"success\":true,\"purged\":1}");
        assertThat(server.request("STREAM.INFO.A", ""))
                .contains("\"first_seq\":2,\"first_ts\":\"0001-01-01T00:00:00Z\",\"last_seq\":1,\"last_ts\":\"" + NOW);
    }

    @Test
    void purgeTakesFilterSequenceAndKeep() {
        server.request("STREAM.CREATE.A", "{\"name\":\"A\",\"subjects\":[\"a.*\"]}");
        for (int i = 0; i < 10; i++) {
            server.publish("a." + i % 2, "x");
        }

        assertThat(purge("{\"seq\":1,\"keep\":1}"))
                .contains("\"err_code\":10003")
                .endsWith("\"purged\":0}");
        assertThat(purge("{\"filter\":\"a..\"}")).contains("\"success\":true,\"purged\":0");
        assertThat(purge("{\"seq\":3}")).contains("\"purged\":2");
        assertThat(purge("{\"filter\":\"a.1\",\"keep\":1}")).contains("\"purged\":3");
        assertThat(purge("{\"filter\":\"a.0\",\"seq\":7}")).contains("\"purged\":2");
        assertThat(purge("{\"keep\":1}")).contains("\"purged\":2");
        assertThat(purge("")).contains("\"purged\":1");
        assertThat(server.consumersOf("A").events).contains("-4 a.1 PURGED", "purged >");
    }

    @Test
    void purgeOfManyMessagesIsAnsweredOnceAtTheEnd() {
        server.request("STREAM.CREATE.A", "{\"name\":\"A\",\"subjects\":[\"a.*\"]}");
        for (int i = 0; i < 2500; i++) {
            server.port.send(Message.of(Subject.of("a.b"), new byte[1]));
        }
        server.run();

        assertThat(purge("{\"filter\":\"a.b\"}")).contains("\"purged\":2500");
    }

    @Test
    void protectedStreamIsNotPurged() {
        server.request("STREAM.CREATE.A", "{\"name\":\"A\",\"deny_purge\":true,\"deny_delete\":true}");
        server.publish("A", "x");

        assertThat(purge("")).contains("\"err_code\":10110", "stream purge not permitted");
        assertThat(server.request("STREAM.MSG.DELETE.A", "{\"seq\":1}"))
                .contains("\"err_code\":10057", "message delete not permitted");
        server.request("STREAM.UPDATE.A", "{\"name\":\"A\",\"deny_purge\":true,\"deny_delete\":true,\"sealed\":true}");
        assertThat(purge("")).contains("\"err_code\":10109");
    }

    @Test
    void deletedStreamIsGoneWithItsMessages() {
        server.request("STREAM.CREATE.A", "{\"name\":\"A\",\"allow_direct\":true}");
        server.publish("A", "x");

        assertThat(server.request("STREAM.DELETE.A", "body"))
                .isEqualTo(error("stream_delete", 400, 10038, "expected an empty request payload"));
        assertThat(server.request("STREAM.DELETE.A", "{}"))
                .isEqualTo("{\"type\":\"io.nats.jetstream.api.v1.stream_delete_response\",\"success\":true}");
        assertThat(server.request("STREAM.DELETE.A", "")).contains("\"err_code\":10059");
        assertThat(server.publish("A", "x")).startsWith("NATS/1.0 503");
        assertThat(server.request("DIRECT.GET.A", "{\"seq\":1}")).startsWith("NATS/1.0 503");
        assertThat(server.consumersOf("A").events).endsWith("deleted");
        server.request("STREAM.CREATE.A", "{\"name\":\"A\"}");
        assertThat(server.request("STREAM.INFO.A", "")).contains("\"messages\":0");
    }

    @Test
    void namesAndListsComeInPagesSortedByName() {
        for (int i = 0; i < 300; i++) {
            server.request("STREAM.CREATE.S%03d".formatted(i), "{\"name\":\"S%03d\"}".formatted(i));
        }

        assertThat(server.request("STREAM.NAMES", ""))
                .startsWith("{\"type\":\"io.nats.jetstream.api.v1.stream_names_response\",\"total\":300,\"offset\":0,"
                        + "\"limit\":1024,\"streams\":[\"S000\",\"S001\"");
        assertThat(server.request("STREAM.NAMES", "{\"offset\":298}")).endsWith("\"streams\":[\"S298\",\"S299\"]}");
        assertThat(server.request("STREAM.NAMES", "{\"offset\":400}"))
                .endsWith("\"total\":300,\"offset\":300,\"limit\":1024,\"streams\":null}");
        assertThat(server.request("STREAM.NAMES", "{\"subject\":\"S29*\"}")).endsWith("\"streams\":null}");
        assertThat(server.request("STREAM.NAMES", "{\"subject\":\"S299\"}")).endsWith("\"streams\":[\"S299\"]}");
        String list = server.request("STREAM.LIST", "{\"offset\":100}");
        assertThat(list).contains("\"total\":300,\"offset\":100,\"limit\":256,", "\"name\":\"S299\"");
        assertThat(list).contains("\"metadata\":{\"_nats.req.level\":\"0\"}").doesNotContain("\"cluster\"");
        assertThat(server.request("STREAM.LIST", "{\"offset\":300}")).endsWith("\"streams\":[]}");
        assertThat(server.request("STREAM.NAMES", "{\"foo\":1}"))
                .endsWith("},\"total\":0,\"offset\":0,\"limit\":0,\"streams\":null}");
    }

    @Test
    void accountInfoCountsStreamsAndRequests() {
        server.request("STREAM.CREATE.A", "{\"name\":\"A\",\"max_bytes\":1000}");
        server.request("STREAM.CREATE.B", "{\"name\":\"B\",\"storage\":\"memory\"}");
        server.request("STREAM.INFO.C", "");
        server.publish("A", "x");
        server.publish("B", "x");

        assertThat(server.request("INFO", ""))
                .isEqualTo(
                        "{\"type\":\"io.nats.jetstream.api.v1.account_info_response\",\"memory\":32,\"storage\":32,"
                                + "\"reserved_memory\":0,\"reserved_storage\":1000,\"streams\":2,\"consumers\":0,\"limits\":{"
                                + "\"max_memory\":-1,\"max_storage\":-1,\"max_streams\":-1,\"max_consumers\":-1,"
                                + "\"max_ack_pending\":-1,\"memory_max_stream_bytes\":-1,\"storage_max_stream_bytes\":-1,"
                                + "\"max_bytes_required\":false},\"domain\":\"edge\",\"api\":{\"level\":5,\"total\":3,\"errors\":1}}");
    }

    @Test
    void accountLimitsHold(@TempDir Path other) {
        try (var small = TestServer.on(other, new AccountLimits(100, 1000, 2, -1, -1, -1, -1, false))) {
            assertThat(small.request("STREAM.CREATE.A", "{\"name\":\"A\",\"max_bytes\":1001}"))
                    .contains("10047");
            assertThat(small.request("STREAM.CREATE.A", "{\"name\":\"A\",\"max_bytes\":101,\"storage\":\"memory\"}"))
                    .contains("10028");
            assertThat(small.request("STREAM.CREATE.A", "{\"name\":\"A\",\"max_bytes\":600}"))
                    .contains("did_create");
            assertThat(small.request("STREAM.CREATE.B", "{\"name\":\"B\",\"max_bytes\":401}"))
                    .contains("10047");
            assertThat(small.request("STREAM.UPDATE.A", "{\"name\":\"A\",\"max_bytes\":1000}"))
                    .contains("config");
            assertThat(small.request("STREAM.CREATE.B", "{\"name\":\"B\"}")).contains("did_create");
            assertThat(small.request("STREAM.CREATE.C", "{\"name\":\"C\"}")).contains("10027");
            assertThat(small.publish("B", "x".repeat(960))).contains("\"seq\":1");
            assertThat(small.publish("B", "x")).contains("10002");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "STREAM.LEADER.STEPDOWN.A",
                "STREAM.PEER.REMOVE.A",
                "STREAM.PEER.EVACUATE.A",
                "STREAM.CANCEL_MOVE.A",
                "CONSUMER.LEADER.STEPDOWN.A.B",
                "CONSUMER.PEER.REMOVE.A.B",
                "CONSUMER.PEER.EVACUATE.A.B",
            })
    void clusterRequestsNeedACluster(String subject) {
        assertThat(server.request(subject, "{}"))
                .contains("\"err_code\":10010,\"description\":\"JetStream clustering support required\"");
    }

    @Test
    void snapshotsAreRefusedWithAReason() {
        server.request("STREAM.CREATE.A", "{\"name\":\"A\"}");

        assertThat(server.request("STREAM.SNAPSHOT.A", "")).contains("10003");
        assertThat(server.request("STREAM.SNAPSHOT.A", "{\"deliver_subject\":\"a.*\"}"))
                .contains("10015");
        assertThat(server.request("STREAM.SNAPSHOT.A", "{\"deliver_subject\":\"a\"}"))
                .contains("10064");
        assertThat(server.request("STREAM.RESTORE.A", "{\"config\":{\"name\":\"A\"}}"))
                .contains("10130");
        assertThat(server.request("STREAM.RESTORE.B", "{\"config\":{\"name\":\"B\"}}"))
                .contains("10062")
                .endsWith("},\"deliver_subject\":\"\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"FOO", "STREAM", "STREAM.INFO", "STREAM.INFO.A.B", "STREAM.TEMPLATE.INFO.A"})
    void unknownRequestIsTakenAndNeverAnswered(String subject) {
        assertThat(server.request(subject, "")).isEmpty();
    }

    @Test
    void requestForANewerServerIsRefused() {
        var request = Message.withHeaders(
                Subject.of("$JS.API.STREAM.INFO.A"),
                null,
                TestServer.bytes("NATS/1.0\r\nNats-Required-Api-Level: 6\r\n\r\n"),
                new byte[0]);

        assertThat(TestServer.text(server.send(request).getFirst()))
                .contains("\"err_code\":10185", "\"total\":0,\"offset\":0,\"limit\":0}");
    }

    @Test
    void apiIsReachedByItsDomain() {
        String names = TestServer.text(server.send(Message.empty(Subject.of("$JS.edge.API.STREAM.NAMES")))
                .getFirst());
        assertThat(names).contains("stream_names_response");
        server.request("STREAM.CREATE.KV_B", "{\"name\":\"KV_B\",\"subjects\":[\"$KV.B.>\"]}");

        assertThat(server.port.send(Message.empty(Subject.of("$JS.edge.API.$KV.C.key"))))
                .isFalse();
        server.port.send(Message.of(Subject.of("$JS.edge.API.$KV.B.key"), new byte[1]));
        assertThat(server.port.take())
                .extracting(message -> message.subject().toString())
                .contains("$KV.B.key");
    }

    @Test
    void streamsAndMessagesSurviveARestart() {
        server.request("STREAM.CREATE.A", "{\"name\":\"A\",\"max_msgs\":2,\"allow_direct\":true}");
        server.request("STREAM.CREATE.M", "{\"name\":\"M\",\"storage\":\"memory\"}");
        server.publish("A", "x");
        server.publish("M", "x");

        server.restart();

        assertThat(server.request("STREAM.NAMES", "")).endsWith("\"streams\":[\"A\"]}");
        assertThat(server.publish("A", "y")).contains("\"seq\":2");
        assertThat(server.publish("A", "y")).contains("\"seq\":3");
        assertThat(server.request("STREAM.INFO.A", "")).contains("\"messages\":2");
        assertThat(server.request("DIRECT.GET.A", "{\"seq\":2}")).endsWith("|y");
    }

    @Test
    void changesAreAnnounced() {
        server.port.listenTo("$JS.EVENT.ADVISORY.>");
        server.request("STREAM.CREATE.A", "{\"name\":\"A\"}");
        server.request("STREAM.CREATE.A", "{\"name\":\"A\"}");
        server.port.take();
        server.port.send(Message.of(Subject.of("$JS.API.STREAM.DELETE.A"), new byte[0]));
        server.run();

        Message advisory = server.port.take().getFirst();
        assertThat(advisory.subject()).hasToString("$JS.EVENT.ADVISORY.STREAM.DELETED.A");
        assertThat(TestServer.text(advisory))
                .matches("\\{\"type\":\"io.nats.jetstream.advisory.v1.stream_action\",\"id\":\"[0-9A-Za-z]{22}\","
                        + "\"timestamp\":\"" + NOW + "\",\"stream\":\"A\",\"action\":\"delete\",\"domain\":\"edge\"}");
    }

    private String purge(String body) {
        return server.request("STREAM.PURGE.A", body);
    }

    private static String error(String type, int code, int errCode, String text) {
        return "{\"type\":\"io.nats.jetstream.api.v1." + type + "_response\",\"error\":{\"code\":" + code
                + ",\"err_code\":" + errCode + ",\"description\":\"" + text + "\"}}";
    }
}
