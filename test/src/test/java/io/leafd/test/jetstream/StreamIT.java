package io.leafd.test.jetstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.leafd.test.conformance.Brokers;
import io.leafd.test.conformance.Conformance;
import io.leafd.test.peer.JsonTree;
import io.leafd.test.setup.ServerSetup;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Making, reading, changing and listing streams. */
@Conformance
class StreamIT {

    private static final ServerSetup SETUP = ServerSetup.open("stream").jetstream("shop");

    private final Brokers brokers;

    StreamIT(Brokers brokers) {
        this.brokers = brokers;
    }

    @Test
    void nameAloneMakesAStreamWithDefaults() {
        try (JetStream js = JetStream.of(brokers.with(SETUP))) {
            JsonTree made = js.stream("PLAIN", "");
            assertThat(made.text("type")).isEqualTo("io.nats.jetstream.api.v1.stream_create_response");
            assertThat(made.isTrue("did_create")).isTrue();
            assertThat(made.texts("config.subjects")).containsExactly("PLAIN");
            assertThat(made.text("config.retention")).isEqualTo("limits");
            assertThat(made.text("config.storage")).isEqualTo("file");
            assertThat(made.text("config.discard")).isEqualTo("old");
            for (String limit : List.of("max_consumers", "max_msgs", "max_bytes", "max_msgs_per_subject")) {
                assertThat(made.number("config." + limit)).as(limit).isEqualTo(-1);
            }
            assertThat(made.number("config.max_age")).isZero();
            assertThat(made.number("config.duplicate_window")).isEqualTo(120_000_000_000L);
            assertThat(made.number("config.num_replicas")).isEqualTo(1);
            assertThat(made.keys("config"))
                    .contains(
                            "sealed",
                            "deny_delete",
                            "deny_purge",
                            "allow_rollup_hdrs",
                            "allow_direct",
                            "mirror_direct");
            assertThat(made.number("state.first_seq")).isZero();
            assertThat(made.number("state.last_seq")).isZero();
            assertThat(made.text("state.first_ts")).isEqualTo("0001-01-01T00:00:00Z");
            assertThat(made.text("created")).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,9})?Z");
        }
    }

    @Test
    void makingItAgainSucceedsUnlessItWouldBeAnother() {
        try (JetStream js = JetStream.of(brokers.with(SETUP))) {
            js.stream("AGAIN", "\"subjects\":[\"again\"]");
            JsonTree again = js.stream("AGAIN", "\"subjects\":[\"again\"],\"max_msgs\":-1,\"num_replicas\":1");
            assertThat(again.isTrue("did_create")).isTrue();
            js.refused(
                    "STREAM.CREATE.AGAIN",
                    JetStream.config("AGAIN", "\"subjects\":[\"again\"],\"max_msgs\":5"),
                    10058,
                    "stream name already in use with a different configuration");
        }
    }

    @Test
    void requestsAreReadStrictly() {
        try (JetStream js = JetStream.of(brokers.with(SETUP))) {
            js.refused(
                    "STREAM.CREATE.STRICT",
                    "{\"name\":\"STRICT\",\"foo\":1}",
                    10025,
                    "invalid JSON: json: unknown field \"foo\"");
            assertThat(js.call("STREAM.CREATE.STRICT", "{\"name\":").number("error.err_code"))
                    .isEqualTo(10025);
            assertThat(js.call("STREAM.CREATE.STRICT", "{\"name\":\"STRICT\",\"max_msgs\":\"1\"}")
                            .number("error.err_code"))
                    .isEqualTo(10025);
            assertThat(js.call("STREAM.CREATE.STRICT", "{\"name\":\"STRICT\",\"retention\":\"forever\"}")
                            .number("error.err_code"))
                    .isEqualTo(10025);
            js.refused(
                    "STREAM.CREATE.STRICT",
                    "{\"name\":\"OTHER\"}",
                    10056,
                    "stream name in subject does not match request");
            js.refused("STREAM.CREATE.STRICT", "", 10056, "stream name in subject does not match request");
            js.refused("STREAM.INFO.STRICT", "", 10059, "stream not found");
        }
    }

    @Test
    void unknownStreamIsNotFound() {
        try (JetStream js = JetStream.of(brokers.with(SETUP))) {
            for (String verb : List.of("INFO", "DELETE", "PURGE")) {
                JsonTree answer = js.call("STREAM." + verb + ".NONE", "");
                assertThat(answer.number("error.code")).isEqualTo(404);
                assertThat(answer.number("error.err_code")).isEqualTo(10059);
            }
            js.refused("STREAM.UPDATE.NONE", "{\"name\":\"NONE\"}", 10059, "stream not found");
            js.refused("STREAM.MSG.GET.NONE", "{\"seq\":1}", 10059, "stream not found");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "\"subjects\":[\"a..b\"]|10052",
                "\"subjects\":[\"bad.x\",\"bad.x\"]|10052",
                "\"subjects\":[\"bad.*\",\"bad.b\"]|10052",
                "\"subjects\":[\">\"]|10052",
                "\"subjects\":[\"$JS.API.X\"]|10052",
                "\"max_age\":-1|10052",
                "\"max_age\":1000|10052",
                "\"num_replicas\":3|10074",
                "\"num_replicas\":-1|10133",
                "\"sealed\":true|10052",
                "\"discard_new_per_subject\":true|10052",
                "\"allow_rollup_hdrs\":true,\"deny_purge\":true|10052",
                "\"duplicate_window\":-1|10052",
            })
    void impossibleConfigurationsAreRefused(String config, int errorCode) {
        try (JetStream js = JetStream.of(brokers.with(SETUP))) {
            JsonTree answer = js.call("STREAM.CREATE.BAD", JetStream.config("BAD", config));
            assertThat(answer.has("error")).as("%s", answer).isTrue();
            assertThat(answer.number("error.err_code")).as("%s", answer).isEqualTo(errorCode);
        }
    }

    @Test
    void subjectsOfTwoStreamsMayNotOverlap() {
        try (JetStream js = JetStream.of(brokers.with(SETUP))) {
            js.stream("FIRST", "\"subjects\":[\"over.*\"]");
            js.refused(
                    "STREAM.CREATE.SECOND",
                    JetStream.config("SECOND", "\"subjects\":[\"over.>\"]"),
                    10065,
                    "subjects overlap with an existing stream");
        }
    }

    @Test
    void updateReplacesTheConfiguration() {
        try (JetStream js = JetStream.of(brokers.with(SETUP))) {
            js.stream("UPDATED", "\"subjects\":[\"up.>\"],\"description\":\"old\"");
            js.stored(1, "up.a", "1");
            js.stored(2, "up.a", "2");
            js.stored(3, "up.b", "3");
            JsonTree updated = js.ok(
                    "STREAM.UPDATE.UPDATED", JetStream.config("UPDATED", "\"subjects\":[\"up.>\"],\"max_msgs\":2"));
            assertThat(updated.text("type")).isEqualTo("io.nats.jetstream.api.v1.stream_update_response");
            assertThat(updated.number("config.max_msgs")).isEqualTo(2);
            assertThat(updated.has("config.description")).isFalse();
            assertThat(js.info("UPDATED").number("state.messages")).isEqualTo(2);
            assertThat(js.info("UPDATED").number("state.first_seq")).isEqualTo(2);
            assertThat(js.call(
                                    "STREAM.UPDATE.UPDATED",
                                    JetStream.config("UPDATED", "\"subjects\":[\"up.>\"],\"storage\":\"memory\""))
                            .number("error.err_code"))
                    .isEqualTo(10052);
        }
    }

    @Test
    void infoTellsSubjectsAndGaps() {
        try (JetStream js = JetStream.of(brokers.with(SETUP))) {
            js.stream("INFO", "\"subjects\":[\"info.>\"]");
            for (int seq = 1; seq <= 6; seq++) {
                js.stored(seq, "info." + (seq % 2 == 0 ? "even" : "odd"), "x");
            }
            js.ok("STREAM.MSG.DELETE.INFO", "{\"seq\":3}");
            js.ok("STREAM.MSG.DELETE.INFO", "{\"seq\":4}");
            js.ok("STREAM.MSG.DELETE.INFO", "{\"seq\":1}");

            JsonTree info = js.info("INFO");
            assertThat(info.number("state.messages")).isEqualTo(3);
            assertThat(info.number("state.first_seq")).isEqualTo(2);
            assertThat(info.number("state.last_seq")).isEqualTo(6);
            assertThat(info.number("state.num_subjects")).isEqualTo(2);
            assertThat(info.number("state.num_deleted")).isEqualTo(2);
            assertThat(info.has("state.subjects")).isFalse();
            assertThat(info.has("state.deleted")).isFalse();
            assertThat(info.number("total")).isZero();

            assertThat(js.ok("STREAM.INFO.INFO", "{\"deleted_details\":true}").numbers("state.deleted"))
                    .containsExactly(3L, 4L);
            JsonTree even = js.ok("STREAM.INFO.INFO", "{\"subjects_filter\":\"info.e*\"}");
            assertThat(even.has("state.subjects")).isFalse(); // "e*" is a literal token
            JsonTree all = js.ok("STREAM.INFO.INFO", "{\"subjects_filter\":\"info.>\"}");
            assertThat(all.keys("state.subjects")).containsExactlyInAnyOrder("info.even", "info.odd");
            assertThat(all.number("total")).isEqualTo(2);
            assertThat(all.toString()).contains("\"info.even\":2").contains("\"info.odd\":1");
        }
    }

    @Test
    void emptiedStreamBeginsAfterItsLastSequence() {
        try (JetStream js = JetStream.of(brokers.with(SETUP))) {
            js.stream("EMPTIED", "\"subjects\":[\"emptied\"]");
            js.stored(1, "emptied", "x");
            js.stored(2, "emptied", "y");
            assertThat(js.ok("STREAM.PURGE.EMPTIED", "").number("purged")).isEqualTo(2);
            JsonTree info = js.info("EMPTIED");
            assertThat(info.number("state.messages")).isZero();
            assertThat(info.number("state.bytes")).isZero();
            assertThat(info.number("state.first_seq")).isEqualTo(3);
            assertThat(info.number("state.last_seq")).isEqualTo(2);
            js.stored(3, "emptied", "z");
        }
    }

    @Test
    void firstSequenceIsChosen() {
        try (JetStream js = JetStream.of(brokers.with(SETUP))) {
            JsonTree made = js.stream("LATER", "\"subjects\":[\"later\"],\"first_seq\":100");
            assertThat(made.number("state.first_seq")).isEqualTo(100);
            assertThat(made.number("state.last_seq")).isEqualTo(99);
            js.stored(100, "later", "x");
        }
    }

    @Test
    void deletedStreamIsGone() {
        try (JetStream js = JetStream.of(brokers.with(SETUP))) {
            js.stream("GONE", "\"subjects\":[\"gone\"]");
            js.stored(1, "gone", "x");
            assertThat(js.ok("STREAM.DELETE.GONE", "").isTrue("success")).isTrue();
            js.refused("STREAM.INFO.GONE", "", 10059, "stream not found");
            assertThat(js.request("gone", "x").getStatus().getCode()).isEqualTo(503);
            js.stream("GONE", "\"subjects\":[\"gone\"]");
            js.stored(1, "gone", "new");
        }
    }

    @Test
    void unknownApiSubjectIsNotAnswered() {
        try (JetStream js = JetStream.of(brokers.with(SETUP))) {
            var inbox = js.inbox();
            js.send("$JS.API.NO.SUCH.THING", inbox.getSubject(), "");
            js.ok("INFO", "");
            assertThat(inbox.getPendingMessageCount()).isZero();
        }
    }

    @Test
    void namesAndListsComeInPages() {
        int streams = 300;
        try (JetStream js = JetStream.of(brokers.own(SETUP))) {
            for (int i = 0; i < streams; i++) {
                js.stream("S%03d".formatted(i), "\"subjects\":[\"list.%d\"],\"storage\":\"memory\"".formatted(i));
            }
            JsonTree names = js.ok("STREAM.NAMES", "");
            assertThat(names.number("total")).isEqualTo(streams);
            assertThat(names.number("limit")).isEqualTo(1_024);
            assertThat(names.texts("streams")).hasSize(streams).isSorted();
            assertThat(js.ok("STREAM.NAMES", "{\"offset\":295}").texts("streams"))
                    .containsExactly("S295", "S296", "S297", "S298", "S299");
            assertThat(js.ok("STREAM.NAMES", "{\"subject\":\"list.7\"}").texts("streams"))
                    .containsExactly("S007");
            JsonTree first = js.ok("STREAM.LIST", "");
            assertThat(first.number("total")).isEqualTo(streams);
            assertThat(first.number("limit")).isEqualTo(256);
            assertThat(first.length("streams")).isEqualTo(256);
            JsonTree second = js.ok("STREAM.LIST", "{\"offset\":256}");
            assertThat(second.length("streams")).isEqualTo(streams - 256);
            assertThat(second.text("streams.0.config.name")).isEqualTo("S256");
            assertThat(js.ok("STREAM.NAMES", "{\"subject\":\"nothing\"}").toString())
                    .contains("\"streams\":null");
        }
    }
}
