package io.leafd.test.jetstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.leafd.test.conformance.Brokers;
import io.leafd.test.conformance.Conformance;
import io.leafd.test.peer.RawClient;
import io.leafd.test.setup.ServerSetup;
import io.nats.client.Message;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Messages read as messages, not as JSON: the read path of key-value stores. */
@Conformance
class DirectGetIT {

    private static final ServerSetup SETUP = ServerSetup.open("direct-get").jetstream("shop");

    private final Brokers brokers;

    DirectGetIT(Brokers brokers) {
        this.brokers = brokers;
    }

    @Test
    void messageComesAsItWasStoredWithItsPlaceInHeaders() {
        try (JetStream js = JetStream.of(brokers.with(SETUP))) {
            js.stream("D", "\"subjects\":[\"d.>\"],\"allow_direct\":true");
            js.stored(1, "d.a", "one", "Kind", "first");
            js.stored(2, "d.b", "two");
            js.stored(3, "d.a", "three");

            assertMessage(js.request("$JS.API.DIRECT.GET.D", "{\"seq\":1}"), "d.a", 1, "one");
            assertMessage(js.request("$JS.API.DIRECT.GET.D", "{\"last_by_subj\":\"d.a\"}"), "d.a", 3, "three");
            assertMessage(js.request("$JS.API.DIRECT.GET.D", "{\"last_by_subj\":\"d.>\"}"), "d.a", 3, "three");
            assertMessage(
                    js.request("$JS.API.DIRECT.GET.D", "{\"seq\":2,\"next_by_subj\":\"d.a\"}"), "d.a", 3, "three");
            assertMessage(js.request("$JS.API.DIRECT.GET.D.d.b", ""), "d.b", 2, "two");
            assertThat(js.request("$JS.API.DIRECT.GET.D", "{\"seq\":1}")
                            .getHeaders()
                            .getFirst("Kind"))
                    .isEqualTo("first");
        }
    }

    @Test
    void placeFollowsTheMessagesOwnHeadersInFixedOrder() {
        try (JetStream js = JetStream.of(brokers.with(SETUP));
                var raw = brokers.open(SETUP)) {
            js.stream("ORDER", "\"subjects\":[\"order\"],\"allow_direct\":true");
            js.stored(1, "order", "x", "Own", "1");
            raw.connect(RawClient.CONNECT_HEADERS);
            raw.send("SUB inbox.raw 1\r\nPUB $JS.API.DIRECT.GET.ORDER inbox.raw 9\r\n{\"seq\":1}\r\n");
            assertThat(raw.until("\r\n\r\n")
                            .replaceAll("Nats-Time-Stamp: \\S+", "Nats-Time-Stamp: T")
                            .replaceAll("^HMSG.*\r\n", ""))
                    .isEqualTo(
                            "NATS/1.0\r\nOwn:1\r\nNats-Stream: ORDER\r\nNats-Subject: order\r\nNats-Sequence: 1\r\nNats-Time-Stamp: T");
        }
    }

    @Test
    void missingMessagesAndBadRequestsAreStatuses() {
        try (JetStream js = JetStream.of(brokers.with(SETUP))) {
            js.stream("E", "\"subjects\":[\"e.>\"],\"allow_direct\":true");
            js.stored(1, "e.a", "x");
            assertStatus(js, "E", "{\"seq\":2}", "404 Message Not Found");
            assertStatus(js, "E", "{\"last_by_subj\":\"e.none\"}", "404 Message Not Found");
            assertStatus(js, "E.e.none", "", "404 Message Not Found");
            assertStatus(js, "E", "", "408 Empty Request");
            assertStatus(js, "E", "{\"seq\":", "408 Malformed Request");
            assertStatus(js, "E", "{\"seq\":1,\"last_by_subj\":\"e.a\"}", "408 Bad Request");
            js.ok("STREAM.MSG.DELETE.E", "{\"seq\":1}");
            assertStatus(js, "E", "{\"seq\":1}", "404 Message Not Found");
        }
    }

    @Test
    void streamThatDoesNotAllowItIsServedByNobody() {
        try (JetStream js = JetStream.of(brokers.with(SETUP))) {
            js.stream("N", "\"subjects\":[\"n\"]");
            js.stored(1, "n", "x");
            assertThat(js.request("$JS.API.DIRECT.GET.N", "{\"seq\":1}")
                            .getStatus()
                            .getCode())
                    .isEqualTo(503);
            assertThat(js.request("$JS.API.DIRECT.GET.NONE", "{\"seq\":1}")
                            .getStatus()
                            .getCode())
                    .isEqualTo(503);
        }
    }

    @Test
    void lastOfManySubjectsComesInOneBatch() {
        try (JetStream js = JetStream.of(brokers.with(SETUP))) {
            js.stream("B", "\"subjects\":[\"b.>\"],\"allow_direct\":true");
            js.stored(1, "b.a", "1");
            js.stored(2, "b.b", "2");
            js.stored(3, "b.a", "3");
            js.stored(4, "b.c", "4");
            var inbox = js.inbox();
            js.send("$JS.API.DIRECT.GET.B", inbox.getSubject(), "{\"multi_last\":[\"b.a\",\"b.b\"]}");
            assertThat(JetStream.next(inbox).getHeaders().getFirst("Nats-Sequence"))
                    .isEqualTo("2");
            assertThat(JetStream.next(inbox).getHeaders().getFirst("Nats-Sequence"))
                    .isEqualTo("3");
            assertThat(JetStream.status(JetStream.next(inbox))).isEqualTo("204 EOB");

            js.send("$JS.API.DIRECT.GET.B", inbox.getSubject(), "{\"seq\":2,\"batch\":2}");
            assertThat(JetStream.text(JetStream.next(inbox))).isEqualTo("2");
            Message second = JetStream.next(inbox);
            assertThat(JetStream.text(second)).isEqualTo("3");
            assertThat(second.getHeaders().getFirst("Nats-Num-Pending")).isEqualTo("1");
            assertThat(JetStream.status(JetStream.next(inbox))).isEqualTo("204 EOB");
        }
    }

    private static void assertMessage(Message message, String subject, long seq, String payload) {
        assertThat(JetStream.text(message)).isEqualTo(payload);
        assertThat(message.getHeaders().getFirst("Nats-Subject")).isEqualTo(subject);
        assertThat(message.getHeaders().getFirst("Nats-Sequence")).isEqualTo(Long.toString(seq));
        assertThat(message.getHeaders().keySet()).containsAll(List.of("Nats-Stream", "Nats-Time-Stamp"));
    }

    private static void assertStatus(JetStream js, String verb, String request, String status) {
        assertThat(JetStream.status(js.request("$JS.API.DIRECT.GET." + verb, request)))
                .as(request)
                .isEqualTo(status);
    }
}
