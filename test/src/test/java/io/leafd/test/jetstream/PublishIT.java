package io.leafd.test.jetstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.leafd.test.conformance.Brokers;
import io.leafd.test.conformance.Conformance;
import io.leafd.test.peer.Deadline;
import io.leafd.test.peer.JsonTree;
import io.leafd.test.setup.ServerSetup;
import io.nats.client.Message;
import org.junit.jupiter.api.Test;

/** Storing a message: the acknowledgement, the conditions a publisher may set, and the limits that refuse or evict. */
@Conformance
class PublishIT {

    private static final ServerSetup SETUP = ServerSetup.open("publish").jetstream("shop");
    private static final ServerSetup RESTARTED =
            ServerSetup.open("publish-restart").jetstream("shop");

    private final Brokers brokers;

    PublishIT(Brokers brokers) {
        this.brokers = brokers;
    }

    @Test
    void acknowledgementNamesStreamDomainAndSequence() {
        try (JetStream js = JetStream.of(brokers.with(SETUP))) {
            js.stream("ACK", "\"subjects\":[\"ack\"]");
            assertThat(JetStream.text(js.request("ack", "x")))
                    .isEqualTo("{\"stream\":\"ACK\",\"domain\":\"shop\",\"seq\":1}");
            assertThat(JetStream.text(js.request("ack", "")))
                    .isEqualTo("{\"stream\":\"ACK\",\"domain\":\"shop\",\"seq\":2}");
        }
    }

    @Test
    void subjectWithoutAStreamIsServedByNobody() {
        try (JetStream js = JetStream.of(brokers.with(SETUP))) {
            assertThat(js.request("no.stream.here", "x").getStatus().getCode()).isEqualTo(503);
        }
    }

    @Test
    void publishWithoutReplyIsStoredToo() {
        try (JetStream js = JetStream.of(brokers.with(SETUP))) {
            js.stream("SILENT", "\"subjects\":[\"silent\"]");
            js.send("silent", null, "x");
            js.stored(2, "silent", "y");
        }
    }

    @Test
    void repeatedMessageIdIsADuplicate() {
        try (JetStream js = JetStream.of(brokers.with(SETUP))) {
            js.stream("DUP", "\"subjects\":[\"dup.*\"]");
            js.stored(1, "dup.a", "x", "Nats-Msg-Id", "id-1");
            assertThat(JetStream.text(js.request("dup.b", "y", "Nats-Msg-Id", "id-1")))
                    .isEqualTo("{\"stream\":\"DUP\",\"domain\":\"shop\",\"seq\":1,\"duplicate\": true}");
            js.stored(2, "dup.a", "x", "Nats-Msg-Id", "id-2");
            js.stored(3, "dup.a", "x", "nats-msg-id", "id-1");
            assertThat(js.info("DUP").number("state.messages")).isEqualTo(3);
        }
    }

    @Test
    void messageIdIsForgottenAfterTheWindow() {
        try (JetStream js = JetStream.of(brokers.with(SETUP))) {
            js.stream("WINDOW", "\"subjects\":[\"window\"],\"duplicate_window\":200000000");
            js.stored(1, "window", "x", "Nats-Msg-Id", "id-1");
            assertThat(js.publish("window", "x", "Nats-Msg-Id", "id-1").isTrue("duplicate"))
                    .isTrue();
            Deadline.await(
                    "the end of the window",
                    Deadline.ANSWER,
                    () -> !js.publish("window", "x", "Nats-Msg-Id", "id-1").isTrue("duplicate"));
        }
    }

    @Test
    void messageIdIsRememberedOverARestart() {
        var server = brokers.own(RESTARTED);
        try (JetStream js = JetStream.of(server)) {
            js.stream("KEPT", "\"subjects\":[\"kept\"]");
            js.stored(1, "kept", "x", "Nats-Msg-Id", "id-1");
        }
        server.terminate();
        server.start();
        try (JetStream js = JetStream.of(server)) {
            assertThat(js.publish("kept", "x", "Nats-Msg-Id", "id-1").isTrue("duplicate"))
                    .isTrue();
            js.stored(2, "kept", "x", "Nats-Msg-Id", "id-2");
        }
    }

    @Test
    void expectationsAreChecked() {
        try (JetStream js = JetStream.of(brokers.with(SETUP))) {
            js.stream("EXP", "\"subjects\":[\"exp.>\"]");
            js.stored(
                    1,
                    "exp.a",
                    "x",
                    "Nats-Expected-Stream",
                    "EXP",
                    "Nats-Expected-Last-Sequence",
                    "0",
                    "Nats-Msg-Id",
                    "m1");
            js.stored(2, "exp.b", "x", "Nats-Expected-Last-Msg-Id", "m1", "Nats-Msg-Id", "m2");
            js.stored(3, "exp.a", "x", "Nats-Expected-Last-Subject-Sequence", "1");
            js.stored(4, "exp.new", "x", "Nats-Expected-Last-Subject-Sequence", "0");

            js.publishRefused(10060, "expected stream does not match", "exp.a", "x", "Nats-Expected-Stream", "OTHER");
            js.publishRefused(10071, "wrong last sequence: 4", "exp.a", "x", "Nats-Expected-Last-Sequence", "3");
            js.publishRefused(
                    10071, "wrong last sequence: 3", "exp.a", "x", "Nats-Expected-Last-Subject-Sequence", "1");
            js.publishRefused(
                    10071, "wrong last sequence: 3", "exp.a", "x", "Nats-Expected-Last-Subject-Sequence", "0");
            js.publishRefused(
                    10071, "wrong last sequence: 0", "exp.none", "x", "Nats-Expected-Last-Subject-Sequence", "7");
            js.publishRefused(10070, "wrong last msg ID: ", "exp.a", "x", "Nats-Expected-Last-Msg-Id", "m1");
            js.stored(
                    5,
                    "exp.c",
                    "x",
                    "Nats-Expected-Last-Subject-Sequence",
                    "4",
                    "Nats-Expected-Last-Subject-Sequence-Subject",
                    "exp.new");
            js.stored(
                    6,
                    "exp.c",
                    "x",
                    "Nats-Expected-Last-Subject-Sequence",
                    "5",
                    "Nats-Expected-Last-Subject-Sequence-Subject",
                    "exp.*");
            assertThat(js.info("EXP").number("state.messages")).isEqualTo(6);
        }
    }

    @Test
    void refusedPublishHasAnErrorAndNoSequence() {
        try (JetStream js = JetStream.of(brokers.with(SETUP))) {
            js.stream("ERR", "\"subjects\":[\"err\"]");
            Message answer = js.request("err", "x", "Nats-Expected-Stream", "OTHER");
            assertThat(JetStream.text(answer))
                    .isEqualTo(
                            "{\"error\":{\"code\":400,\"err_code\":10060,\"description\":\"expected stream does not match\"},"
                                    + "\"stream\":\"ERR\",\"seq\":0}");
        }
    }

    @Test
    void fullStreamDropsTheOldest() {
        try (JetStream js = JetStream.of(brokers.with(SETUP))) {
            js.stream("OLD", "\"subjects\":[\"old.>\"],\"max_msgs\":3");
            for (int seq = 1; seq <= 5; seq++) {
                js.stored(seq, "old." + seq, "x");
            }
            assertThat(js.info("OLD").number("state.first_seq")).isEqualTo(3);
            assertThat(js.info("OLD").number("state.messages")).isEqualTo(3);
        }
    }

    @Test
    void fullStreamDropsTheOldestOfASubject() {
        try (JetStream js = JetStream.of(brokers.with(SETUP))) {
            js.stream("PER", "\"subjects\":[\"per.>\"],\"max_msgs_per_subject\":2");
            js.stored(1, "per.a", "1");
            js.stored(2, "per.b", "2");
            js.stored(3, "per.a", "3");
            js.stored(4, "per.a", "4");
            JsonTree info = js.ok("STREAM.INFO.PER", "{\"subjects_filter\":\">\"}");
            assertThat(info.number("state.messages")).isEqualTo(3);
            assertThat(info.number("state.first_seq")).isEqualTo(2);
            assertThat(info.toString()).contains("\"per.a\":2").contains("\"per.b\":1");
        }
    }

    @Test
    void fullStreamThatDiscardsNewRefuses() {
        try (JetStream js = JetStream.of(brokers.with(SETUP))) {
            js.stream("NEW", "\"subjects\":[\"new.>\"],\"max_msgs\":2,\"discard\":\"new\"");
            js.stored(1, "new.a", "x");
            js.stored(2, "new.b", "x");
            js.publishRefused(10077, "maximum messages exceeded", "new.c", "x");
            js.ok("STREAM.MSG.DELETE.NEW", "{\"seq\":1}");
            js.stored(3, "new.c", "x");

            js.stream("BYTES", "\"subjects\":[\"bytes\"],\"max_bytes\":300,\"discard\":\"new\"");
            js.stored(1, "bytes", "x".repeat(100));
            js.stored(2, "bytes", "x".repeat(100));
            js.publishRefused(10077, "maximum bytes exceeded", "bytes", "x".repeat(100));
        }
    }

    @Test
    void fullSubjectRefusesOnlyWhenAskedTo() {
        try (JetStream js = JetStream.of(brokers.with(SETUP))) {
            js.stream("SUBJ", "\"subjects\":[\"subj.>\"],\"max_msgs_per_subject\":1,\"discard\":\"new\"");
            js.stored(1, "subj.a", "x");
            js.stored(2, "subj.a", "y");
            assertThat(js.info("SUBJ").number("state.messages")).isEqualTo(1);

            js.stream(
                    "SUBJNEW",
                    "\"subjects\":[\"subjnew.>\"],\"max_msgs_per_subject\":1,\"discard\":\"new\",\"discard_new_per_subject\":true");
            js.stored(1, "subjnew.a", "x");
            js.publishRefused(10077, "maximum messages per subject exceeded", "subjnew.a", "y");
            js.stored(2, "subjnew.b", "x");
        }
    }

    @Test
    void tooLargeAMessageIsRefused() {
        try (JetStream js = JetStream.of(brokers.with(SETUP))) {
            js.stream("SIZE", "\"subjects\":[\"size\"],\"max_msg_size\":10");
            js.stored(1, "size", "x".repeat(10));
            js.publishRefused(10054, "message size exceeds maximum allowed", "size", "x".repeat(11));
        }
    }

    @Test
    void oldMessagesExpire() {
        try (JetStream js = JetStream.of(brokers.with(SETUP))) {
            js.stream("AGE", "\"subjects\":[\"age\"],\"max_age\":300000000,\"duplicate_window\":100000000");
            js.stored(1, "age", "x");
            js.stored(2, "age", "x");
            Deadline.await(
                    "messages to expire", Deadline.ANSWER, () -> js.info("AGE").number("state.messages") == 0);
            assertThat(js.info("AGE").number("state.first_seq")).isEqualTo(3);
        }
    }

    @Test
    void rollupReplacesASubjectOrAll() {
        try (JetStream js = JetStream.of(brokers.with(SETUP))) {
            js.stream("ROLL", "\"subjects\":[\"roll.>\"],\"allow_rollup_hdrs\":true");
            js.stored(1, "roll.a", "x");
            js.stored(2, "roll.b", "x");
            js.stored(3, "roll.a", "x");
            js.stored(4, "roll.a", "sum", "Nats-Rollup", "sub");
            assertThat(js.info("ROLL").number("state.messages")).isEqualTo(2);
            js.stored(5, "roll.c", "all", "Nats-Rollup", "all");
            assertThat(js.info("ROLL").number("state.messages")).isEqualTo(1);
            assertThat(js.info("ROLL").number("state.first_seq")).isEqualTo(5);
            js.publishRefused(10111, "rollup value invalid: \"some\"", "roll.a", "x", "Nats-Rollup", "some");

            js.stream("NOROLL", "\"subjects\":[\"noroll\"]");
            js.publishRefused(10111, "rollup not permitted", "noroll", "x", "Nats-Rollup", "sub");
        }
    }
}
