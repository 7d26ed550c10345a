package io.leafd.jetstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.leafd.jetstream.fakes.FakePort;
import io.leafd.protocol.Message;
import io.leafd.protocol.Subject;
import io.leafd.store.loop.StoreLoop;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PublishTest {
    private static final String NO_ROOM = "{\"error\":{\"code\":503,\"err_code\":10023,"
            + "\"description\":\"insufficient resources\"},\"stream\":\"S\",\"seq\":0}";

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
    void storedMessageIsAcknowledgedWithStreamDomainAndSequence() {
        create("{\"name\":\"S\",\"subjects\":[\"s.*\"]}");

        assertThat(server.publish("s.a", "x")).isEqualTo("{\"stream\":\"S\",\"domain\":\"edge\",\"seq\":1}");
        assertThat(server.publish("s.b", "x")).isEqualTo("{\"stream\":\"S\",\"domain\":\"edge\",\"seq\":2}");
    }

    @Test
    void nothingIsAnsweredBeforeTheCommit() {
        create("{\"name\":\"S\"}");
        server.port.take();

        server.port.send(Message.of(Subject.of("S"), new byte[1]).withReply(Subject.of("r")));

        assertThat(server.port.take()).isEmpty();
        server.run();
        assertThat(server.port.take()).hasSize(1);
    }

    @Test
    void whileTheStoreIsAwayPublishersAreRefusedWithoutWaitingForItsLoop() {
        create("{\"name\":\"S\"}");
        server.port.take();
        server.store.close();

        server.port.send(Message.of(Subject.of("S"), new byte[1]).withReply(Subject.of("r")));

        List<Message> answers = server.port.take();
        assertThat(answers).hasSize(1);
        assertThat(new String(answers.getFirst().body(), StandardCharsets.UTF_8))
                .contains("\"code\":503,\"err_code\":10077,\"description\":\"store not available\"");
    }

    @Test
    void whoFindsNoRoomIsToldBeforeTheSyncThatOthersWaitFor() {
        create("{\"name\":\"S\"}");
        server.port.take();
        var toldAtCommit = new ArrayList<Message>();
        StoreLoop loop = server.store.loop();
        loop.control(() -> loop.afterCommit(() -> toldAtCommit.addAll(server.port.take())));
        server.port.send(Message.of(Subject.of("S"), new byte[TestServer.DISK_MAX_BYTES / 2])
                .withReply(Subject.of("r")));

        server.run();

        assertThat(toldAtCommit).extracting(PublishTest::text).containsExactly(NO_ROOM);
        assertThat(server.port.take()).isEmpty();
    }

    @Test
    void whoIsRefusedWhileWaitingIsNotStored() {
        create("{\"name\":\"S\"}");
        server.port.take();
        server.port.send(Message.of(Subject.of("S"), new byte[1]).withReply(Subject.of("r")));
        server.port.send(Message.of(Subject.of("S"), new byte[1]));

        server.store.loop().refuseWaiting();
        assertThat(server.port.take()).extracting(PublishTest::text).containsExactly(NO_ROOM);

        server.run();
        assertThat(server.port.take()).isEmpty();
        assertThat(lastSeq()).as("the one that wants no answer").isEqualTo(1);
    }

    @Test
    void answerGoesOutOnTheEventLoopOfThePublisher() {
        create("{\"name\":\"S\"}");

        server.publish("S", "x");

        assertThat(server.port.answeredOn()).isEqualTo(FakePort.LOOP);
    }

    @Test
    void subjectWithoutStreamIsNotTaken() {
        create("{\"name\":\"S\"}");

        assertThat(server.publish("other", "x")).startsWith("NATS/1.0 503");
    }

    @Test
    void streamThatWantsNoAnswersGivesNone() {
        create("{\"name\":\"S\",\"no_ack\":true}");

        assertThat(server.publish("S", "x")).isEmpty();
        assertThat(server.publish("S", "x", "Nats-Expected-Stream", "other")).isEmpty();
        assertThat(lastSeq()).isEqualTo(1);
    }

    @Test
    void knownMessageIdIsAcknowledgedAsDuplicate() {
        create("{\"name\":\"S\",\"subjects\":[\"s.*\"],\"duplicate_window\":1000000000}");
        server.publish("s.a", "x", "Nats-Msg-Id", "one");

        assertThat(server.publish("s.b", "y", "Nats-Msg-Id", "one"))
                .isEqualTo("{\"stream\":\"S\",\"domain\":\"edge\",\"seq\":1,\"duplicate\": true}");
        assertThat(server.publish("s.b", "y", "nats-msg-id", "one")).endsWith("\"seq\":2}");
        server.clock.advance(Duration.ofSeconds(2));
        assertThat(server.publish("s.b", "y", "Nats-Msg-Id", "one")).endsWith("\"seq\":3}");
    }

    @Test
    void messageIdIsKnownAfterRestart() {
        create("{\"name\":\"S\"}");
        server.publish("S", "x", "Nats-Msg-Id", "one");

        server.restart();

        assertThat(server.publish("S", "x", "Nats-Msg-Id", "one")).contains("\"duplicate\": true");
        assertThat(server.publish("S", "x", "Nats-Expected-Last-Msg-Id", "other"))
                .contains("wrong last msg ID: one");
    }

    @Test
    void expectationsAreChecked() {
        create("{\"name\":\"S\",\"subjects\":[\"s.*\"]}");
        server.publish("s.a", "1");
        server.publish("s.b", "2", "Nats-Msg-Id", "two");

        refused(10060, "expected stream does not match", "Nats-Expected-Stream", "T");
        refused(10071, "wrong last sequence: 2", "Nats-Expected-Last-Sequence", "1");
        refused(10071, "wrong last sequence: 2", "Nats-Expected-Last-Sequence", "x");
        refused(10071, "wrong last sequence: 1", "Nats-Expected-Last-Subject-Sequence", "0");
        refused(
                10193,
                "missing sequence for expected last sequence per subject",
                "Nats-Expected-Last-Subject-Sequence-Subject",
                "s.b");
        refused(
                10071,
                "wrong last sequence: 2",
                "Nats-Expected-Last-Subject-Sequence",
                "1",
                "Nats-Expected-Last-Subject-Sequence-Subject",
                "s.*");
        refused(10070, "wrong last msg ID: two", "Nats-Expected-Last-Msg-Id", "one");
        assertThat(lastSeq()).isEqualTo(2);

        stored(3, "Nats-Expected-Stream", "S", "Nats-Expected-Last-Sequence", "2");
        stored(4, "Nats-Expected-Last-Subject-Sequence", "3");
        stored(5, "Nats-Expected-Last-Subject-Sequence", "2", "Nats-Expected-Last-Subject-Sequence-Subject", "s.b");
        stored(6, "Nats-Expected-Last-Subject-Sequence", "0", "Nats-Expected-Last-Subject-Sequence-Subject", "none..*");
    }

    @Test
    void expectationOnAFreshSubjectIsZero() {
        create("{\"name\":\"S\",\"subjects\":[\"s.*\"]}");

        stored(1, "Nats-Expected-Last-Subject-Sequence", "0");
        refused(10071, "wrong last sequence: 1", "Nats-Expected-Last-Subject-Sequence", "0");
    }

    @Test
    void staleExpectationOfADuplicateIsToldFirst() {
        create("{\"name\":\"S\",\"subjects\":[\"s.*\"]}");
        stored(1, "Nats-Msg-Id", "one", "Nats-Expected-Last-Sequence", "0");

        refused(10071, "wrong last sequence: 1", "Nats-Msg-Id", "one", "Nats-Expected-Last-Sequence", "0");
    }

    @Test
    void timeToLiveAndBatchesAreRefusedAlsoWhereTheStreamAllowsThem() {
        create("{\"name\":\"S\",\"subjects\":[\"s.*\"],\"allow_msg_ttl\":true,\"allow_atomic\":true}");

        refused(10174, "atomic publish is disabled", "Nats-Batch-Id", "b", "Nats-Batch-Sequence", "1");
        refused(10166, "per-message TTL is disabled", "Nats-TTL", "1s");
    }

    @Test
    void headersOfAbsentFeaturesAreRefused() {
        create("{\"name\":\"S\",\"subjects\":[\"s.*\"]}");

        refused(10168, "message counters is disabled", "Nats-Incr", "1");
        refused(10166, "per-message TTL is disabled", "Nats-TTL", "1s");
        refused(10188, "message schedules is disabled", "Nats-Schedule", "@every 1s");
        refused(10227, "message stream source header is not allowed", "Nats-Stream-Source", "x");
        refused(10174, "atomic publish is disabled", "Nats-Batch-Id", "b", "Nats-Batch-Sequence", "1");
        refused(10111, "rollup not permitted", "Nats-Rollup", "sub");
    }

    @Test
    void rollupKeepsOnlyTheNewMessage() {
        create("{\"name\":\"S\",\"subjects\":[\"s.*\"],\"allow_rollup_hdrs\":true}");
        server.publish("s.a", "1");
        server.publish("s.b", "2");
        server.publish("s.a", "3");

        refused(10111, "rollup value invalid: \"x\"", "Nats-Rollup", "X");
        stored(4, "Nats-Rollup", "SUB");
        assertThat(state()).contains("\"messages\":2", "\"first_seq\":2");
        stored(5, "Nats-Rollup", "all");
        assertThat(state()).contains("\"messages\":1", "\"first_seq\":5");
    }

    @Test
    void tooLargeMessageIsRefused() {
        create("{\"name\":\"S\",\"subjects\":[\"s.*\"],\"max_msg_size\":20}");

        assertThat(server.publish("s.a", "x".repeat(21)))
                .isEqualTo("{\"error\":{\"code\":400,\"err_code\":10054,\"description\":\"message size exceeds maximum"
                        + " allowed\"},\"stream\":\"S\",\"seq\":0}");
        assertThat(server.publish("s.a", "x".repeat(20))).endsWith("\"seq\":1}");
        refused(10054, "message size exceeds maximum allowed", "Some-Header", "value");
    }

    @Test
    void tooLargeHeadersAreRefused() {
        create("{\"name\":\"S\",\"subjects\":[\"s.*\"]}");

        refused(10097, "header size exceeds maximum allowed of 64k", "H", "x".repeat(65_535));
    }

    @Test
    void sealedStreamTakesNothing() {
        create("{\"name\":\"S\",\"subjects\":[\"s.*\"]}");
        server.request("STREAM.UPDATE.S", "{\"name\":\"S\",\"subjects\":[\"s.*\"],\"sealed\":true}");

        refused(10109, "invalid operation on sealed stream");
    }

    @Test
    void subjectIsTransformedBeforeItIsStored() {
        create("{\"name\":\"S\",\"subjects\":[\"s.*\"],\"subject_transform\":{\"src\":\"s.*\",\"dest\":\"t.$1\"}}");
        server.publish("s.a", "x");

        assertThat(server.request("STREAM.MSG.GET.S", "{\"seq\":1}")).contains("\"subject\":\"t.a\"");
        refused(10071, "wrong last sequence: 1", "Nats-Expected-Last-Subject-Sequence", "0");
    }

    @Test
    void statusLineIsNotStored() {
        create("{\"name\":\"S\"}");
        byte[] block = TestServer.bytes("NATS/1.0 100 Idle Heartbeat\r\nA: b\r\n\r\n");
        server.send(Message.withHeaders(Subject.of("S"), null, block, new byte[0]));

        assertThat(server.request("STREAM.MSG.GET.S", "{\"seq\":1}"))
                .contains("\"hdrs\":\"TkFUUy8xLjANCkE6IGINCg0K\""); // NATS/1.0, A: b
    }

    @Test
    void storedMessageIsPublishedAgainBeforeTheAcknowledgement() {
        create("{\"name\":\"S\",\"subjects\":[\"s.*\"],\"republish\":{\"src\":\"s.a\",\"dest\":\"again.a\"}}");
        server.publish("s.a", "1");
        server.port.take();

        server.port.send(Message.of(Subject.of("s.a"), TestServer.bytes("2")).withReply(Subject.of("r")));
        server.run();

        List<Message> published = server.port.take();
        assertThat(published)
                .extracting(message -> message.subject().toString())
                .containsExactly("again.a", "r");
        Message again = published.getFirst();
        assertThat(again.reply()).isNull();
        assertThat(TestServer.text(again)).isEqualTo("2");
        assertThat(again.header("Nats-Stream")).isEqualTo("S");
        assertThat(again.header("Nats-Subject")).isEqualTo("s.a");
        assertThat(again.header("Nats-Sequence")).isEqualTo("2");
        assertThat(again.header("Nats-Last-Sequence")).isEqualTo("1");
        assertThat(again.header("Nats-Time-Stamp")).isEqualTo("2026-01-02T03:04:05Z");
    }

    @Test
    void republishedHeadersTellTheSizeOfTheMissingPayload() {
        create("{\"name\":\"S\",\"subjects\":[\"s.*\"],\"republish\":{\"dest\":\"again.>\",\"headers_only\":true}}");
        server.port.send(Message.of(Subject.of("s.a"), TestServer.bytes("22")));
        server.run();

        Message again = server.port.take().getLast();
        assertThat(again.subject()).hasToString("again.s.a");
        assertThat(again.payloadLength()).isZero();
        assertThat(again.header("Nats-Msg-Size")).isEqualTo("2");
    }

    @Test
    void publisherThatOutrunsTheStoreIsPausedAndThenRefused() {
        create("{\"name\":\"S\"}");
        var message = Message.of(Subject.of("S"), new byte[1 << 20]).withReply(Subject.of("r"));
        server.port.take();
        for (int i = 0; i < 9; i++) {
            server.port.send(message);
        }

        assertThat(server.port.paused()).isTrue();
        Message refusal = server.port.take().getFirst();
        assertThat(TestServer.text(refusal)).contains("\"err_code\":10167");
        assertThat(new String(refusal.body(), 0, 30, java.nio.charset.StandardCharsets.UTF_8))
                .startsWith("NATS/1.0 429 Too Many Requests");

        server.run();
        assertThat(server.port.paused()).isFalse();
    }

    private void create(String config) {
        assertThat(server.request("STREAM.CREATE.S", config)).contains("\"did_create\":true");
    }

    private void refused(int errCode, String text, String... headers) {
        assertThat(server.publish("s.a", "x", headers))
                .contains("\"err_code\":" + errCode, text.replace("\"", "\\\""))
                .endsWith("\"stream\":\"S\",\"seq\":0}");
    }

    private void stored(long seq, String... headers) {
        assertThat(server.publish("s.a", "x", headers))
                .isEqualTo("{\"stream\":\"S\",\"domain\":\"edge\",\"seq\":" + seq + "}");
    }

    private static String text(Message message) {
        return new String(message.body(), StandardCharsets.UTF_8);
    }

    private long lastSeq() {
        return server.jetStream.streams().get("S").log().lastSeq();
    }

    private String state() {
        return server.request("STREAM.INFO.S", "");
    }
}
