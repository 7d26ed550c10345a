package io.leafd.test.jetstream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.leafd.test.conformance.Brokers;
import io.leafd.test.conformance.Conformance;
import io.leafd.test.peer.JsonTree;
import io.leafd.test.setup.ServerSetup;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Single messages of a stream: read, delete, purge. */
@Conformance
class MessageIT {

    private static final ServerSetup SETUP = ServerSetup.open("message").jetstream("shop");

    private final Brokers brokers;

    MessageIT(Brokers brokers) {
        this.brokers = brokers;
    }

    @Test
    void messageIsReadBySequence() {
        try (JetStream js = JetStream.of(brokers.with(SETUP))) {
            js.stream("GET", "\"subjects\":[\"get.>\"]");
            js.stored(1, "get.a", "one", "Kind", "first");
            js.stored(2, "get.b", "two");
            js.stored(3, "get.a", "");
            JsonTree first = js.ok("STREAM.MSG.GET.GET", "{\"seq\":1}");
            assertThat(first.text("type")).isEqualTo("io.nats.jetstream.api.v1.stream_msg_get_response");
            assertThat(first.text("message.subject")).isEqualTo("get.a");
            assertThat(first.number("message.seq")).isEqualTo(1);
            assertThat(decoded(first, "message.data")).isEqualTo("one");
            assertThat(decoded(first, "message.hdrs")).isEqualTo("NATS/1.0\r\nKind:first\r\n\r\n");
            assertThat(first.text("message.time")).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,9})?Z");
            assertThat(js.ok("STREAM.MSG.GET.GET", "{\"seq\":2}").has("message.hdrs"))
                    .isFalse();
            assertThat(js.ok("STREAM.MSG.GET.GET", "{\"seq\":3}").has("message.data"))
                    .isFalse();
        }
    }

    @Test
    void messageIsReadAsLastOrNextOfASubject() {
        try (JetStream js = JetStream.of(brokers.with(SETUP))) {
            js.stream("NEXT", "\"subjects\":[\"next.>\"]");
            for (int seq = 1; seq <= 6; seq++) {
                js.stored(seq, "next." + (seq % 2 == 0 ? "even" : "odd"), "x" + seq);
            }
            assertThat(seq(js, "{\"last_by_subj\":\"next.odd\"}")).isEqualTo(5);
            assertThat(seq(js, "{\"last_by_subj\":\"next.*\"}")).isEqualTo(6);
            assertThat(seq(js, "{\"next_by_subj\":\"next.even\"}")).isEqualTo(2);
            assertThat(seq(js, "{\"seq\":3,\"next_by_subj\":\"next.even\"}")).isEqualTo(4);
            assertThat(seq(js, "{\"seq\":4,\"next_by_subj\":\"next.even\"}")).isEqualTo(4);
            assertThat(seq(js, "{\"seq\":5,\"next_by_subj\":\"next.>\"}")).isEqualTo(5);
            js.refused("STREAM.MSG.GET.NEXT", "{\"seq\":7}", 10037, "no message found");
            js.refused("STREAM.MSG.GET.NEXT", "{\"last_by_subj\":\"next.none\"}", 10037, "no message found");
            js.refused("STREAM.MSG.GET.NEXT", "{\"seq\":6,\"next_by_subj\":\"next.odd\"}", 10037, "no message found");
            assertThat(js.call("STREAM.MSG.GET.NEXT", "{}").number("error.err_code"))
                    .isEqualTo(10003);
            assertThat(js.call("STREAM.MSG.GET.NEXT", "{\"seq\":1,\"last_by_subj\":\"next.odd\"}")
                            .number("error.err_code"))
                    .isEqualTo(10003);
        }
    }

    @Test
    void deletedMessageIsGone() {
        try (JetStream js = JetStream.of(brokers.with(SETUP))) {
            js.stream("DEL", "\"subjects\":[\"del\"]");
            for (int seq = 1; seq <= 4; seq++) {
                js.stored(seq, "del", "x");
            }
            assertThat(js.ok("STREAM.MSG.DELETE.DEL", "{\"seq\":2}").isTrue("success"))
                    .isTrue();
            assertThat(js.ok("STREAM.MSG.DELETE.DEL", "{\"seq\":3,\"no_erase\":true}")
                            .isTrue("success"))
                    .isTrue();
            js.refused("STREAM.MSG.GET.DEL", "{\"seq\":2}", 10037, "no message found");
            js.refused("STREAM.MSG.DELETE.DEL", "{\"seq\":2}", 10043, "sequence 2 not found");
            js.refused("STREAM.MSG.DELETE.DEL", "{\"seq\":9}", 10057, "stream store EOF");
            assertThat(js.info("DEL").number("state.messages")).isEqualTo(2);

            js.stream("DELDENIED", "\"subjects\":[\"deldenied\"],\"deny_delete\":true,\"deny_purge\":true");
            js.stored(1, "deldenied", "x");
            js.refused("STREAM.MSG.DELETE.DELDENIED", "{\"seq\":1}", 10057, "message delete not permitted");
            js.refused("STREAM.PURGE.DELDENIED", "", 10110, "stream purge not permitted");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "ALL||10|0|11",
                "EVEN|{\"filter\":\"p.EVEN.even\"}|5|5|1",
                "WILD|{\"filter\":\"p.WILD.*\"}|10|0|11",
                "NONE|{\"filter\":\"p.NONE.none\"}|0|10|1",
                "SEQ|{\"seq\":4}|3|7|4",
                "KEEP|{\"keep\":2}|8|2|9",
                "KEEPMANY|{\"keep\":20}|0|10|1",
                "FILTERKEEP|{\"filter\":\"p.FILTERKEEP.odd\",\"keep\":1}|4|6|2",
                "FILTERSEQ|{\"filter\":\"p.FILTERSEQ.odd\",\"seq\":4}|2|8|2",
            })
    void purgeTakesAllOrAPart(String stream, @Nullable String request, int purged, int left, int firstSeq) {
        try (JetStream js = JetStream.of(brokers.with(SETUP))) {
            js.stream(stream, "\"subjects\":[\"p." + stream + ".>\"]");
            for (int seq = 1; seq <= 10; seq++) {
                js.stored(seq, "p." + stream + "." + (seq % 2 == 0 ? "even" : "odd"), "x");
            }
            JsonTree answer = js.ok("STREAM.PURGE." + stream, request == null ? "" : request);
            assertThat(answer.text("type")).isEqualTo("io.nats.jetstream.api.v1.stream_purge_response");
            assertThat(answer.isTrue("success")).isTrue();
            assertThat(answer.number("purged")).isEqualTo(purged);
            JsonTree info = js.info(stream);
            assertThat(info.number("state.messages")).isEqualTo(left);
            assertThat(info.number("state.first_seq")).isEqualTo(firstSeq);
            assertThat(info.number("state.last_seq")).isEqualTo(10);
        }
    }

    @Test
    void purgeBelowASequenceDoesNotKeepACount() {
        try (JetStream js = JetStream.of(brokers.with(SETUP))) {
            js.stream("PURGE", "\"subjects\":[\"purge\"]");
            js.refused("STREAM.PURGE.PURGE", "{\"seq\":2,\"keep\":2}", 10003, "bad request");
        }
    }

    private static long seq(JetStream js, String request) {
        return js.ok("STREAM.MSG.GET.NEXT", request).number("message.seq");
    }

    private static String decoded(JsonTree tree, String path) {
        return new String(Base64.getDecoder().decode(tree.text(path)), UTF_8);
    }
}
