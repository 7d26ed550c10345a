package io.leafd.jetstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.leafd.protocol.Message;
import io.leafd.protocol.Subject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Messages 1 d.1, 2 d.2 (deleted), 3 d.1, 4 d.3, 5 d.2, one second apart. */
class DirectGetTest {
    private static final String FIRST =
            "NATS/1.0|Nats-Stream: D|Nats-Subject: d.1|Nats-Sequence: 1|Nats-Time-Stamp: 2026-01-02T03:04:05Z|a";
    private static final String THIRD = "NATS/1.0|X-Y: z|Nats-Stream: D|Nats-Subject: d.1|Nats-Sequence: 3|"
            + "Nats-Time-Stamp: 2026-01-02T03:04:07Z|c";
    private static final String FIFTH =
            "NATS/1.0|Nats-Stream: D|Nats-Subject: d.2|Nats-Sequence: 5|Nats-Time-Stamp: 2026-01-02T03:04:09Z|e";

    @TempDir
    Path directory;

    private TestServer server;

    @BeforeEach
    void open() {
        server = TestServer.on(directory);
        server.request("STREAM.CREATE.D", "{\"name\":\"D\",\"subjects\":[\"d.*\"],\"allow_direct\":true}");
        publish("d.1", "a");
        publish("d.2", "b");
        publish("d.1", "c", "X-Y", "z");
        publish("d.3", "dd");
        publish("d.2", "e");
        server.request("STREAM.MSG.DELETE.D", "{\"seq\":2}");
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void oneMessageComesWithWhereItIsFrom() {
        assertThat(get("{\"seq\":1}")).containsExactly(FIRST);
        assertThat(get("{\"seq\":3}")).containsExactly(THIRD);
        assertThat(get("{\"seq\":3,\"no_hdr\":true,\"unknown\":1}")).containsExactly("c");
        assertThat(get("{\"last_by_subj\":\"d.*\"}")).containsExactly(FIFTH);
        assertThat(get("{\"next_by_subj\":\"d.1\",\"seq\":2}")).containsExactly(THIRD);
        assertThat(get("{\"next_by_subj\":\"d.2\"}")).containsExactly(FIFTH);
        assertThat(get("{\"start_time\":\"2026-01-02T03:04:05.5Z\"}")).containsExactly(THIRD);
        assertThat(get("{\"start_time\":\"2026-01-02T03:04:05Z\",\"next_by_subj\":\"d.2\"}"))
                .containsExactly(FIFTH);
    }

    @Test
    void subjectMayStandBehindTheStream() {
        assertThat(server.frames("DIRECT.GET.D.d.1", "")).containsExactly(THIRD);
        assertThat(server.frames("DIRECT.GET.D.d.*", "")).containsExactly(FIFTH);
        assertThat(server.frames("DIRECT.GET.D.d.1", "{\"no_hdr\":true}")).containsExactly("c");
        assertThat(server.frames("DIRECT.GET.D.d.9", "")).containsExactly("NATS/1.0 404 Message Not Found|");
        assertThat(server.frames("DIRECT.GET.D.d.1", "{\"seq\":1}")).containsExactly("NATS/1.0 408 Bad Request|");
        assertThat(server.frames("DIRECT.GET.D.d.1", "{\"batch\":1}")).containsExactly("NATS/1.0 408 Bad Request|");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"seq\":2} | 404 Message Not Found",
                "{\"seq\":9,\"batch\":10} | 404 Message Not Found",
                "{\"next_by_subj\":\"d.9\",\"batch\":10} | 404 Message Not Found",
                "{\"last_by_subj\":\"d..\"} | 404 Message Not Found",
                "{\"start_time\":\"2030-01-01T00:00:00Z\"} | 404 Message Not Found",
                "`` | 408 Empty Request",
                "{} | 408 Empty Request",
                "{\"batch\":2} | 408 Empty Request",
                "{\"multi_last\":[]} | 408 Empty Request",
                "x | 408 Malformed Request",
                "{\"seq\":\"1\"} | 408 Malformed Request",
                "{\"seq\":1,\"last_by_subj\":\"d.1\"} | 408 Bad Request",
                "{\"seq\":1,\"start_time\":\"2030-01-01T00:00:00Z\"} | 408 Bad Request",
                "{\"last_by_subj\":\"d.1\",\"batch\":2} | 408 Bad Request",
                "{\"last_by_subj\":\"d.1\",\"next_by_subj\":\"d.1\"} | 408 Bad Request",
                "{\"multi_last\":[\"d.*\"],\"up_to_seq\":3,\"up_to_time\":\"2030-01-01T00:00:00Z\"} | 408 Bad Request",
                "{\"multi_last\":[\"d.9\"]} | 404 No Results",
                "{\"multi_last\":[\"d.*\"],\"up_to_time\":\"2020-01-01T00:00:00Z\"} | 404 No Results",
            })
    void wrongQueryGetsAStatus(String body, String status) {
        assertThat(get(body)).containsExactly("NATS/1.0 " + status + "|");
    }

    @Test
    void batchCountsDownAndEnds() {
        assertThat(get("{\"seq\":1,\"batch\":2}"))
                .containsExactly(
                        counted(FIRST, 3, 0),
                        counted(THIRD, 2, 1),
                        "NATS/1.0 204 EOB|Nats-Num-Pending: 2|Nats-Last-Sequence: 3|");
        assertThat(get("{\"seq\":2,\"batch\":10}"))
                .hasSize(4)
                .startsWith(counted(THIRD, 2, 0))
                .endsWith(counted(FIFTH, 0, 4), "NATS/1.0 204 EOB|Nats-Num-Pending: 0|Nats-Last-Sequence: 5|");
        assertThat(get("{\"next_by_subj\":\"d.1\",\"batch\":10}"))
                .containsExactly(
                        counted(FIRST, 1, 0),
                        counted(THIRD, 0, 1),
                        "NATS/1.0 204 EOB|Nats-Num-Pending: 0|Nats-Last-Sequence: 3|");
        assertThat(get("{\"start_time\":\"2026-01-02T03:04:09Z\",\"batch\":10}"))
                .hasSize(2);
        assertThat(get("{\"seq\":1,\"batch\":10,\"max_bytes\":4}")) // d.1 and a
                .containsExactly(counted(FIRST, 3, 0), "NATS/1.0 204 EOB|Nats-Num-Pending: 3|Nats-Last-Sequence: 1|");
        assertThat(get("{\"seq\":1,\"batch\":10,\"max_bytes\":5}")).hasSize(3);
        assertThat(get("{\"seq\":1,\"batch\":2,\"no_hdr\":true}"))
                .startsWith("a", "c")
                .hasSize(3);
    }

    @Test
    void lastOfEachSubjectComesInOrderOfSequence() {
        assertThat(get("{\"multi_last\":[\"d.*\"]}"))
                .hasSize(4)
                .startsWith(counted(THIRD, 2, 0))
                .endsWith(
                        counted(FIFTH, 0, 4),
                        "NATS/1.0 204 EOB|Nats-Num-Pending: 0|Nats-Last-Sequence: 5|Nats-UpTo-Sequence: 5|");
        assertThat(get("{\"multi_last\":[\"d.1\",\"d.2\"],\"up_to_seq\":3,\"no_hdr\":true}"))
                .containsExactly(
                        counted(THIRD, 0, 0),
                        "NATS/1.0 204 EOB|Nats-Num-Pending: 0|Nats-Last-Sequence: 3|Nats-UpTo-Sequence: 3|");
        assertThat(get("{\"multi_last\":[\"d.*\"],\"up_to_time\":\"2026-01-02T03:04:06Z\"}"))
                .containsExactly(
                        counted(FIRST, 0, 0),
                        "NATS/1.0 204 EOB|Nats-Num-Pending: 0|Nats-Last-Sequence: 1|Nats-UpTo-Sequence: 2|");
        assertThat(get("{\"multi_last\":[\"d.*\"],\"batch\":2}"))
                .endsWith("NATS/1.0 204 EOB|Nats-Num-Pending: 1|Nats-Last-Sequence: 4|Nats-UpTo-Sequence: 5|");
    }

    @Test
    void tooManySubjectsAreRefused() {
        server.request("STREAM.CREATE.M", "{\"name\":\"M\",\"subjects\":[\"m.*\"],\"allow_direct\":true}");
        for (int i = 0; i < 1025; i++) {
            server.port.send(Message.of(Subject.of("m." + i), new byte[0]));
        }
        server.run();

        assertThat(server.frames("DIRECT.GET.M", "{\"multi_last\":[\"m.*\"]}"))
                .containsExactly("NATS/1.0 413 Too Many Results|");
    }

    @Test
    void longBatchIsSentInPortions() {
        for (int i = 0; i < 1000; i++) {
            server.port.send(Message.of(Subject.of("d.9"), new byte[0]));
        }
        server.run();

        assertThat(get("{\"next_by_subj\":\"d.9\",\"batch\":1000}"))
                .hasSize(1001)
                .last()
                .isEqualTo("NATS/1.0 204 EOB|Nats-Num-Pending: 0|Nats-Last-Sequence: 1005|");
    }

    @Test
    void directGetIsServedOnlyWhileAllowed() {
        assertThat(server.request("DIRECT.GET.NONE", "{\"seq\":1}")).startsWith("NATS/1.0 503");
        server.request("STREAM.UPDATE.D", "{\"name\":\"D\",\"subjects\":[\"d.*\"]}");
        assertThat(server.request("DIRECT.GET.D", "{\"seq\":1}")).startsWith("NATS/1.0 503");
        server.request("STREAM.UPDATE.D", "{\"name\":\"D\",\"subjects\":[\"d.*\"],\"allow_direct\":true}");
        assertThat(get("{\"seq\":1}")).containsExactly(FIRST);
    }

    @Test
    void requiredLevelIsChecked() {
        var request = Message.withHeaders(
                Subject.of("$JS.API.DIRECT.GET.D"),
                null,
                TestServer.bytes("NATS/1.0\r\nNats-Required-Api-Level: x\r\n\r\n"),
                TestServer.bytes("{\"seq\":1}"));

        assertThat(new String(server.send(request).getFirst().body(), java.nio.charset.StandardCharsets.UTF_8))
                .startsWith("NATS/1.0 412 Required Api Level");
    }

    @Test
    void storedMessageIsReadAsJson() {
        assertThat(server.request("STREAM.MSG.GET.D", "{\"seq\":3}"))
                .isEqualTo(
                        "{\"type\":\"io.nats.jetstream.api.v1.stream_msg_get_response\",\"message\":{\"subject\":\"d.1\","
                                + "\"seq\":3,\"hdrs\":\"TkFUUy8xLjANClgtWTogeg0KDQo=\",\"data\":\"Yw==\","
                                + "\"time\":\"2026-01-02T03:04:07Z\"}}");
        assertThat(server.request("STREAM.MSG.GET.D", "{\"last_by_subj\":\"d.*\"}"))
                .contains("\"seq\":5,\"data\":\"ZQ==\"");
        assertThat(server.request("STREAM.MSG.GET.D", "{\"next_by_subj\":\"d.2\",\"seq\":2}"))
                .contains("\"seq\":5");
        assertThat(server.request("STREAM.MSG.GET.D", "{\"start_time\":\"2026-01-02T03:04:06Z\"}"))
                .contains("\"seq\":3");
        assertThat(server.request("STREAM.MSG.GET.D", "{\"seq\":2}")).contains("10037");
        assertThat(server.request("STREAM.MSG.GET.NONE", "{\"seq\":2}")).contains("10059");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "``",
                "{}",
                "{\"seq\":1,\"batch\":2}",
                "{\"seq\":1,\"last_by_subj\":\"d.1\"}",
                "{\"multi_last\":[\"d.1\"]}",
            })
    void contradictoryReadIsABadRequest(String body) {
        assertThat(server.request("STREAM.MSG.GET.D", body)).contains("\"err_code\":10003");
    }

    @Test
    void messageIsDeletedOnce() {
        assertThat(server.request("STREAM.MSG.DELETE.D", "{\"seq\":3,\"no_erase\":true}"))
                .endsWith("\"success\":true}");
        assertThat(server.consumersOf("D").events).endsWith("-3 d.1 DELETED");
        assertThat(server.request("STREAM.MSG.DELETE.D", "{\"seq\":3}"))
                .contains("\"err_code\":10043", "sequence 3 not found");
        assertThat(server.request("STREAM.MSG.DELETE.D", "{\"seq\":30}"))
                .contains("\"err_code\":10057", "stream store EOF");
        assertThat(server.request("STREAM.MSG.DELETE.D", "{\"seq\":0}"))
                .contains("\"err_code\":10057", "no message found");
        assertThat(server.request("STREAM.MSG.DELETE.D", "")).contains("\"err_code\":10003");
    }

    private List<String> get(String body) {
        return new ArrayList<>(server.frames("DIRECT.GET.D", body));
    }

    private void publish(String subject, String payload, String... headers) {
        server.publish(subject, payload, headers);
        server.clock.advance(Duration.ofSeconds(1));
    }

    private static String counted(String frame, int pending, int lastSeq) {
        int payload = frame.lastIndexOf('|');
        return frame.substring(0, payload) + "|Nats-Num-Pending: " + pending + "|Nats-Last-Sequence: " + lastSeq
                + frame.substring(payload);
    }
}
