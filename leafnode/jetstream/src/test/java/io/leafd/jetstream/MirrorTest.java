package io.leafd.jetstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.leafd.jetstream.api.NameHash;
import io.leafd.protocol.Message;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A mirror of a stream in another domain, against an origin that the test plays. */
class MirrorTest {
    private static final String API = "$JS.hub.API.CONSUMER.>";
    private static final String CREATE =
            "{\"name\":\"M\",\"mirror\":{\"name\":\"ORD\",\"external\":{\"api\":\"$JS.hub.API\",\"deliver\":\"\"}}}";

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
    void requestIsThatOfNatsServer() {
        server.request("STREAM.CREATE.M", CREATE);
        server.port.leafInterest(API, true);
        Message request = origin.request();
        String deliver = (String) TestOrigin.config(request).get("deliver_subject");
        assertThat(request.subject()).hasToString("$JS.hub.API.CONSUMER.CREATE.ORD");
        assertThat(Objects.requireNonNull(request.reply()).toString()).matches("\\$JSC\\.R\\.[0-9A-Za-z]{8}");
        assertThat(deliver).matches("\\$JS\\.M\\.[0-9A-Za-z]{8}");
        assertThat(new String(request.body(), 0, request.headerLength(), StandardCharsets.UTF_8))
                .isEqualTo("NATS/1.0\r\nNats-Required-Api-Level: 4\r\n\r\n");
        String name = NameHash.of("M A edge");
        assertThat(TestServer.text(request))
                .isEqualTo("{\"stream_name\":\"ORD\",\"config\":{\"name\":\"JS_MIRROR_" + name
                        + "\",\"deliver_policy\":\"all\",\"ack_policy\":\"none\",\"ack_wait\":79200000000000,"
                        + "\"max_deliver\":1,\"replay_policy\":\"instant\",\"flow_control\":true,\"deliver_subject\":\""
                        + deliver + "\",\"idle_heartbeat\":1000000000,\"inactive_threshold\":10000000000,"
                        + "\"num_replicas\":0,\"direct\":true,\"sourcing\":true,\"metadata\":{\"_nats.mirror.acc\":\"A\","
                        + "\"_nats.mirror.domain\":\"edge\",\"_nats.mirror.stream\":\"M\"}},\"action\":\"\"}");
    }

    @Test
    void sequencesAndTimesAreKeptAndDeletedOnesAreGaps() {
        copying();
        origin.deliver(1, 1, "a.1");
        origin.deliver(4, 2, "a.2");

        assertThat(stored(1)).contains("\"subject\":\"a.1\"", "\"time\":\"1970-01-01T00:00:01Z\"");
        assertThat(stored(2)).contains("\"err_code\":10037");
        assertThat(stored(4)).contains("\"subject\":\"a.2\"", "\"time\":\"1970-01-01T00:00:04Z\"");
        assertThat(info()).contains("\"messages\":2", "\"last_seq\":4", "\"num_deleted\":2", "\"lag\":3");
    }

    @Test
    void originThatBeginsLateIsAGapAtTheFront() {
        origin.accept(asked(), "C1", 99);
        origin.deliver(100, 1, "a.1");
        assertThat(info()).contains("\"messages\":1", "\"first_seq\":100", "\"last_seq\":100");
    }

    @Test
    void gapInDeliveriesStartsAnewBehindWhatIsStored() {
        copying();
        origin.deliver(1, 1, "a");
        origin.deliver(3, 3, "a");
        Message again = origin.request();
        assertThat(TestOrigin.config(again).get("deliver_policy")).isEqualTo("by_start_sequence");
        assertThat(TestOrigin.config(again).get("opt_start_seq")).isEqualTo(2L);
        origin.accept(again, "C2", 1);
        origin.deliver(2, 1, "a");
        origin.deliver(3, 2, "a");
        assertThat(info()).contains("\"messages\":3", "\"last_seq\":3");
    }

    @Test
    void heartbeatThatTellsOfMissedDeliveriesStartsAnew() {
        copying();
        origin.deliver(1, 1, "a");
        origin.heartbeat(1);
        assertThat(origin.asked()).isFalse();
        origin.heartbeat(2);
        assertThat(TestOrigin.config(origin.request()).get("opt_start_seq")).isEqualTo(2L);
    }

    @Test
    void stalledFlowIsReleased() {
        copying();
        origin.heartbeat(0, "Nats-Consumer-Stalled", "$JS.FC.ORD.C1.x");
        assertThat(origin.answersTo("$JS.FC.ORD.C1.x")).hasSize(1);
    }

    @Test
    void flowControlIsAnsweredAfterTheCommitOfWhatCameBefore() {
        copying();
        origin.queue(1, 1, "a");
        origin.queue(2, 2, "a");
        origin.queueFlowControl("$JS.FC.ORD.C1.y");
        var beforeCommit = new ArrayList<List<String>>();
        server.store.loop().offer(() -> beforeCommit.add(origin.published("$JS.FC.ORD.C1.y")), 1);
        server.run();
        assertThat(beforeCommit).containsExactly(List.of());
        assertThat(origin.answersTo("$JS.FC.ORD.C1.y"))
                .containsExactly("NATS/1.0\r\nNats-Last-Consumer: 2\r\nNats-Last-Stream: 2\r\n\r\n");
    }

    @Test
    void deliveriesOfAnotherConsumerAreIgnored() {
        copying();
        origin.deliverAs("C0", 1, 1, "old");
        origin.deliver(1, 1, "new");
        origin.deliver(1, 1, "again");
        assertThat(stored(1)).contains("\"subject\":\"new\"");
    }

    @Test
    void expectationsAndBatchesAreNotCopied() {
        copying();
        origin.deliver(1, 1, "a", "Nats-Expected-Stream", "ORD", "Nats-Msg-Id", "x", "Nats-Batch-Id", "b");
        origin.deliver(2, 2, "a", "Nats-Expected-Last-Sequence", "1");
        String headers = new String(
                Base64.getEncoder().encode("NATS/1.0\r\nNats-Msg-Id: x\r\n\r\n".getBytes(StandardCharsets.UTF_8)),
                StandardCharsets.US_ASCII);
        assertThat(stored(1)).contains("\"hdrs\":\"" + headers + "\"");
        assertThat(stored(2)).doesNotContain("hdrs");
    }

    @Test
    void positionSurvivesARestart() {
        copying();
        origin.deliver(1, 1, "a");
        origin.deliver(5, 2, "a");
        server.restart();
        origin = new TestOrigin(server);
        assertThat(TestOrigin.config(origin.request()).get("opt_start_seq")).isEqualTo(6L);
    }

    @Test
    void lostLinkIsShownAndItsReturnGoesOnAtOnce() {
        copying();
        origin.deliver(1, 1, "a");
        server.port.leafInterest(API, false);
        server.run();
        assertThat(info()).contains("the link to the origin is down");
        server.port.leafInterest(API, true);
        Message again = origin.request();
        assertThat(TestOrigin.config(again).get("opt_start_seq")).isEqualTo(2L);
        origin.accept(again, "C2", 1);
        assertThat(info()).doesNotContain("error");
    }

    @Test
    void requestInFlightIsGivenUpWithItsLink() {
        Message lost = asked();
        server.port.leafInterest(API, false);
        server.run();
        server.port.leafInterest(API, true);
        Message again = origin.request();
        origin.accept(lost, "C1", 0); // too late
        assertThat(info()).contains("error");
        origin.accept(again, "C2", 0);
        assertThat(info()).doesNotContain("error");
    }

    @Test
    void missingOriginIsShownAndAskedForAgain() {
        origin.refuse(asked(), 404, 10059, "stream not found");
        assertThat(info()).contains("\"error\":{\"code\":404,\"err_code\":10059,\"description\":\"stream not found\"}");
        assertThat(origin.asked()).isFalse();
        server.clock.advance(Duration.ofSeconds(2));
        origin.accept(origin.request(), "C1", 0);
        origin.deliver(1, 1, "a");
        assertThat(info()).contains("\"messages\":1").doesNotContain("\"error\"");
    }

    @Test
    void silentOriginIsAskedAnew() {
        copying();
        for (int second = 0; second < 5; second++) {
            server.clock.advance(Duration.ofSeconds(1));
            server.run();
        }
        assertThat(origin.asked()).isFalse();
        server.clock.advance(Duration.ofSeconds(1));
        server.run();
        assertThat(info()).contains("silent");
        server.clock.advance(Duration.ofSeconds(2));
        assertThat(origin.asked()).isTrue();
    }

    @Test
    void oldOriginIsAskedAsItsPredecessorsDid() {
        origin.refuse(asked(), 400, 10025, "invalid JSON: json: unknown field sourcing");
        Message old = origin.request();
        assertThat(old.headerLength()).isZero();
        assertThat(TestServer.text(old)).doesNotContain("sourcing").doesNotContain("metadata");
        assertThat((String) TestOrigin.config(old).get("name")).matches("JS_MIRROR_[0-9A-Za-z]{8}_[0-9A-Za-z]{8}");
        origin.accept(old, "C1", 0);
        origin.deliver(1, 1, "a");
        assertThat(info()).contains("\"messages\":1");
    }

    @Test
    void promotedMirrorIsAStreamOfItsOwn() {
        copying();
        origin.deliver(7, 1, "a.1");
        server.request("STREAM.UPDATE.M", "{\"name\":\"M\",\"subjects\":[\"a.*\"]}");
        origin.deliver(8, 2, "a.1");
        assertThat(info()).contains("\"last_seq\":7").doesNotContain("\"mirror\"");
        assertThat(server.publish("a.2", "x")).contains("\"seq\":8");
        server.clock.advance(Duration.ofSeconds(30));
        assertThat(origin.asked()).isFalse();
    }

    /** A mirror whose link is up and whose request is waiting. */
    private Message asked() {
        server.request("STREAM.CREATE.M", CREATE);
        server.port.leafInterest(API, true);
        return origin.request();
    }

    private void copying() {
        origin.accept(asked(), "C1", 0);
    }

    private String stored(long seq) {
        return server.request("STREAM.MSG.GET.M", "{\"seq\":" + seq + "}");
    }

    private String info() {
        return server.request("STREAM.INFO.M", "");
    }
}
