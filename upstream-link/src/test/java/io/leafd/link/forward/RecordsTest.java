package io.leafd.link.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leafd.link.forward.Backlog.Item;
import io.leafd.protocol.Headers;
import io.leafd.protocol.Message;
import io.leafd.protocol.Subject;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What a forward writes down, and what it reads from the upstream. */
final class RecordsTest {
    @Test
    void progressSurvivesItsBytes() {
        var progress = new Progress(41, 1_000_000_007, 57, new TreeMap<>(Map.of(1L, "aaaaa", 30L, "bbbbb")));
        assertThat(Progress.of(progress.toBytes())).isEqualTo(progress);
    }

    @Test
    void damagedProgressIsAnErrorAndNotZero() {
        byte[] bytes = new Progress(41, 7, 57, new TreeMap<>(Map.of(1L, "aaaaa"))).toBytes();
        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThatThrownBy(() -> Progress.of(cut)).isInstanceOf(IllegalArgumentException.class);
        }
        bytes[0] = 9;
        assertThatThrownBy(() -> Progress.of(bytes)).hasMessageContaining("version 9");
    }

    @Test
    void parkedSurviveTheirBytes() {
        var parked = new Parked();
        parked.add(5, 10054);
        parked.add(9, Parked.DENIED);
        assertThat(Parked.of(parked.toBytes()).reasons()).isEqualTo(parked.reasons());
        assertThatThrownBy(() -> Parked.of(new byte[5])).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void answersAreRead() {
        assertThat(answer("{\"stream\":\"S\",\"seq\":7}")).isEqualTo(new Answer.Stored(7, false));
        assertThat(answer("{\"stream\":\"S\",\"domain\":\"hub\",\"seq\":7,\"duplicate\": true}"))
                .isEqualTo(new Answer.Stored(7, true));
        assertThat(
                        answer(
                                "{\"error\":{\"code\":400,\"err_code\":10060,\"description\":\"no\"},\"stream\":\"S\",\"seq\":0}"))
                .isEqualTo(new Answer.Refused(10060, "no", "S"));
        for (String bad : new String[] {"", "{}", "[]", "{\"seq\":0}", "{\"seq\":\"7\"}", "no"}) {
            assertThat(answer(bad)).as(bad).isInstanceOf(Answer.Refused.class);
        }
    }

    @Test
    void whatThePublisherAskedOfTheLocalStreamStaysHere() {
        var ids = new MessageIds("site", "f", new TreeMap<>());
        ids.begin(0, new Random(1));
        byte[] headers = Headers.with(
                new byte[0], "A", "b", "Nats-Msg-Id", "theirs", "Nats-Expected-Last-Sequence", "4", "Nats-TTL", "1h");
        byte[] payload = "hi".getBytes(StandardCharsets.US_ASCII);
        var item = new Item(
                35, 1_700_000_000_123_456_789L, Message.withHeaders(Subject.of("a.b"), null, headers, payload));
        var envelope = new Envelope("HUB", ids, "_INBOX.x");
        Message sent = envelope.of(item);
        assertThat(sent.subject()).isEqualTo(Subject.of("a.b"));
        assertThat(sent.payload()).isEqualTo(payload);
        assertThat(sent.header("A")).isEqualTo("b");
        assertThat(sent.header("Nats-TTL")).isEqualTo("1h");
        assertThat(sent.header("Nats-Msg-Id")).isEqualTo(ids.of(35));
        assertThat(sent.header("Nats-Expected-Stream")).isEqualTo("HUB");
        assertThat(sent.header("Nats-Expected-Last-Sequence")).isNull();
        assertThat(sent.header("Leafd-Time")).isEqualTo("2023-11-14T22:13:20.123Z");
        assertThat(envelope.seqOf(String.valueOf(sent.reply()))).isEqualTo(35);
        assertThat(envelope.seqOf("_INBOX.x.q1-0")).isZero();
        assertThat(new Envelope(null, ids, "_INBOX.x").of(item).reply()).isNull();
    }

    private static Answer answer(String json) {
        return Answer.of(Message.of(Subject.of("r"), json.getBytes(StandardCharsets.UTF_8)));
    }
}
