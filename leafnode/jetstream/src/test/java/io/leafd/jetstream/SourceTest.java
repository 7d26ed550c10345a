package io.leafd.jetstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.leafd.protocol.Message;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A stream with a source in another domain, against an origin that the test plays. */
class SourceTest {
    private static final String API = "$JS.hub.API.CONSUMER.>";
    private static final String EXTERNAL = "\"external\":{\"api\":\"$JS.hub.API\",\"deliver\":\"from.hub\"}";
    private static final String CREATE =
            "{\"name\":\"S\",\"sources\":[{\"name\":\"ORD\",\"filter_subject\":\"ord.*\"," + EXTERNAL + "}]}";

    @TempDir
    Path directory;

    private TestServer server;
    private TestOrigin origin;

    @BeforeEach
    void open() {
        server = TestServer.on(directory);
        origin = new TestOrigin(server);
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void requestNamesTheFilterTheIdentityAndTheDeliverPrefix() {
        Message request = asked(CREATE);
        assertThat(request.subject().toString())
                .matches("\\$JS\\.hub\\.API\\.CONSUMER\\.CREATE\\.ORD\\.JS_SRC_[0-9A-Za-z]{8}\\.ord\\.\\*");
        assertThat(new String(request.body(), 0, request.headerLength(), StandardCharsets.UTF_8))
                .isEqualTo("NATS/1.0\r\nNats-Required-Api-Level: 5\r\nNats-Stream-Identity: \r\n\r\n");
        assertThat(TestServer.text(request)).contains("\"filter_subject\":\"ord.*\"", "\"_nats.src.stream\":\"S\"");
        assertThat((String) TestOrigin.config(request).get("deliver_subject"))
                .matches("from\\.hub\\.S\\.[0-9A-Za-z]{8}");
    }

    @Test
    void headerTellsThePlaceOfOrigin() {
        origin.accept(asked(CREATE), "C1", 0, "Nats-Stream-Identity", "NTMQkM6Q");
        origin.deliver(3, 1, "ord.1", "Nats-Expected-Stream", "ORD", "Nats-Stream-Source", "X 1 > > x", "Kept", "y");
        assertThat(headers(1))
                .isEqualTo("NATS/1.0\r\nKept: y\r\nNats-Stream-Source: ORD:bTMUkJQk 3 ord.* > ord.1 NTMQkM6Q\r\n\r\n");
        assertThat(info()).contains("\"seq\":3", "\"last_seq\":1");
    }

    @Test
    void positionAndIdentitySurviveARestart() {
        origin.accept(asked(CREATE), "C1", 0, "Nats-Stream-Identity", "NTMQkM6Q");
        origin.deliver(3, 1, "ord.1");
        server.request("STREAM.PURGE.S", "");
        server.restart();
        origin = new TestOrigin(server);
        Message again = origin.request();
        assertThat(again.header("Nats-Stream-Identity")).isEqualTo("NTMQkM6Q");
        assertThat(TestOrigin.config(again).get("opt_start_seq")).isEqualTo(4L);
        origin.accept(again, "C2", 3, "Nats-Stream-Identity", "NTMQkM6Q");
        origin.deliver(3, 1, "ord.1"); // not stored twice
        origin.deliver(4, 2, "ord.1");
        assertThat(info()).contains("\"messages\":1", "\"last_seq\":2");
    }

    @Test
    void recreatedOriginIsCopiedFromItsStart() {
        origin.accept(asked(CREATE), "C1", 0, "Nats-Stream-Identity", "OLD");
        origin.deliver(3, 1, "ord.1");
        origin.heartbeat(9);
        origin.refuse(origin.request(), 400, 10225, "consumer's stream identity does not match: NEW");
        Message again = origin.request();
        assertThat(again.header("Nats-Stream-Identity")).isEqualTo("NEW");
        assertThat(TestOrigin.config(again).get("deliver_policy")).isEqualTo("all");
        origin.accept(again, "C2", 0, "Nats-Stream-Identity", "NEW");
        origin.deliver(1, 1, "ord.1");
        assertThat(headers(2)).contains("ORD:bTMUkJQk 1 ord.* > ord.1 NEW");
    }

    @Test
    void duplicatesByMessageIdAreSkippedAndCountAsCopied() {
        origin.accept(
                asked(CREATE.replace("{\"name\":\"S\"", "{\"name\":\"S\",\"duplicate_window\":60000000000")), "C1", 0);
        origin.deliver(1, 1, "ord.1", "Nats-Msg-Id", "x");
        origin.deliver(2, 2, "ord.1", "Nats-Msg-Id", "x");
        origin.deliver(3, 3, "ord.1", "Nats-Msg-Id", "y");
        assertThat(info()).contains("\"messages\":2", "\"seq\":3");
    }

    @Test
    void transformsRenameSubjects() {
        origin.accept(
                asked("{\"name\":\"S\",\"sources\":[{\"name\":\"ORD\",\"subject_transforms\":["
                        + "{\"src\":\"ord.*\",\"dest\":\"site.{{wildcard(1)}}\"}]," + EXTERNAL + "}]}"),
                "C1",
                0);
        origin.deliver(1, 1, "ord.7");
        assertThat(server.request("STREAM.MSG.GET.S", "{\"seq\":1}")).contains("\"subject\":\"site.7\"");
        assertThat(headers(1)).contains("ORD:bTMUkJQk 1 ord.* site.{{wildcard(1)}} ord.7");
    }

    @Test
    void fullStreamWaitsAndGoesOnBehindWhatIsStored() {
        origin.accept(
                asked(CREATE.replace("{\"name\":\"S\"", "{\"name\":\"S\",\"max_msgs\":1,\"discard\":\"new\"")),
                "C1",
                0);
        origin.deliver(1, 1, "ord.1");
        origin.deliver(2, 2, "ord.1");
        assertThat(info()).contains("maximum messages exceeded", "\"messages\":1", "\"seq\":1");
        server.request("STREAM.PURGE.S", "");
        server.clock.advance(Duration.ofSeconds(2));
        Message again = origin.request();
        assertThat(TestOrigin.config(again).get("opt_start_seq")).isEqualTo(2L);
    }

    private Message asked(String create) {
        assertThat(server.request("STREAM.CREATE.S", create)).doesNotContain("\"err_code\"");
        server.port.leafInterest(API, true);
        return origin.request();
    }

    private String headers(long seq) {
        String answer = server.request("STREAM.MSG.GET.S", "{\"seq\":" + seq + "}");
        String base64 = answer.replaceAll("(?s).*\"hdrs\":\"([^\"]*)\".*", "$1");
        return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
    }

    private String info() {
        return server.request("STREAM.INFO.S", "");
    }
}
