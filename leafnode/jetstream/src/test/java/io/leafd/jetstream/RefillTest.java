package io.leafd.jetstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.leafd.protocol.Message;
import io.leafd.protocol.Subject;
import io.leafd.store.log.StreamLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A mirror has lost the messages 11 to 20 of 30, with a table of its store. The origin is played by the test. */
class RefillTest {
    private static final String API = "$JS.hub.API.CONSUMER.>";
    private static final String CREATE =
            "{\"name\":\"M\",\"mirror\":{\"name\":\"ORD\",\"external\":{\"api\":\"$JS.hub.API\",\"deliver\":\"\"}}}";
    private static final long SECOND_NS = 1_000_000_000L;
    private static final int PART = 10;
    private static final int LAST = 3 * PART;

    @TempDir
    Path directory;

    private TestServer server;
    private TestOrigin origin;
    private long delivered;

    @BeforeEach
    void damage() throws IOException {
        server = TestServer.on(directory);
        server.request("STREAM.CREATE.M", CREATE);
        for (int part = 0; part < 3; part++) {
            for (int seq = part * PART + 1; seq <= (part + 1) * PART; seq++) {
                int bytes = part == 1 ? 2_000 : 50;
                log().appendAt(seq, Subject.of("a." + seq % 3), new byte[bytes], 0, seq * SECOND_NS, null);
            }
            server.run();
            server.restart();
        }
        server.close();
        try (Stream<Path> files = Files.list(directory.resolve("db"))) {
            Files.delete(files.filter(file -> file.toString().endsWith(".sst"))
                    .max(Comparator.comparingLong(file -> file.toFile().length()))
                    .orElseThrow());
        }
        server = TestServer.on(directory);
        origin = new TestOrigin(server);
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void lossIsShownAsLongAsTheOriginIsAway() {
        assertThat(info()).contains("\"lost\":{\"msgs\":[11,12,13,14,15,16,17,18,19,20]");
        server.clock.advance(Duration.ofMinutes(5));
        assertThat(info()).contains("\"lost\":", "\"messages\":20");
        server.restart();
        assertThat(info()).contains("\"lost\":", "\"messages\":20");
    }

    @Test
    void lostMessagesAreFetchedByAConsumerOfTheirOwnFromTheFirstOneOn() {
        Message mirror = request("JS_MIRROR_");
        Message refill = request("JS_REFILL_");
        assertThat(TestOrigin.config(mirror).get("opt_start_seq")).isEqualTo(LAST + 1L);
        assertThat(TestOrigin.config(refill).get("opt_start_seq")).isEqualTo(PART + 1L);
        assertThat(TestOrigin.config(refill).containsKey("sourcing")).isFalse();
        origin.accept(refill, "R", PART);
        deliver(11, 15);
        assertThat(info()).contains("\"lost\":{\"msgs\":[16,17,18,19,20]");
        deliver(16, 20);
        assertThat(info()).contains("\"messages\":30", "\"first_seq\":1,").doesNotContain("\"lost\"", "num_deleted");
        assertThat(stored(17)).contains("\"subject\":\"a.2\"", "\"time\":\"1970-01-01T00:00:17Z\"");
        assertThat(server.consumersOf("M").events).contains("put back");
        assertThat(origin.asked()).as("done").isFalse();
    }

    @Test
    void whatTheOriginHasNoMoreIsDeletedAndNotLost() {
        accepted();
        origin.deliver(12, 1, "a.0"); // 11 is gone
        origin.deliver(15, 2, "a.0"); // 13 and 14
        origin.deliver(23, 3, "a.2"); // and all from 16 on
        assertThat(info()).contains("\"messages\":22", "\"num_deleted\":8").doesNotContain("\"lost\"");
        assertThat(stored(13)).contains("\"err_code\":10037");
    }

    @Test
    void originWithoutAnythingBehindSettlesTheRestWhenItIsIdle() {
        accepted();
        deliver(11, 12);
        origin.heartbeat(2);
        assertThat(info()).as("it has more").contains("\"lost\":");
        origin.deliverLast(13, 3, "a.1", 13 * SECOND_NS);
        assertThat(info()).contains("\"lost\":");
        origin.heartbeat(3);
        assertThat(info()).contains("\"messages\":23").doesNotContain("\"lost\"");
    }

    @Test
    void whatWasDeletedHereStaysAway() {
        assertThat(server.request("STREAM.MSG.DELETE.M", "{\"seq\":13}")).contains("\"success\":true");
        assertThat(server.request("STREAM.MSG.DELETE.M", "{\"seq\":5}")).contains("\"success\":true");
        server.restart();
        origin = new TestOrigin(server);
        accepted();
        deliver(11, 20);
        assertThat(info()).contains("\"messages\":28").doesNotContain("\"lost\"");
        assertThat(stored(13)).contains("\"err_code\":10037");
        assertThat(stored(5)).contains("\"err_code\":10037");
    }

    @Test
    void purgedMessagesStayAway() {
        server.request("STREAM.PURGE.M", "{\"seq\":16}");
        server.restart();
        origin = new TestOrigin(server);
        accepted(16);
        deliver(16, 20);
        assertThat(info()).contains("\"messages\":15", "\"first_seq\":16").doesNotContain("\"lost\"");
    }

    @Test
    void expiredMessagesAreNotPutBack() {
        long ageNs = (server.clock.instant().getEpochSecond() - 15) * SECOND_NS;
        server.request("STREAM.UPDATE.M", CREATE.replace("{\"name\":\"M\"", "{\"name\":\"M\",\"max_age\":" + ageNs));
        server.restart();
        origin = new TestOrigin(server);
        accepted();
        deliver(11, 20);
        assertThat(info()).contains("\"messages\":15", "\"first_seq\":16").doesNotContain("\"lost\"");
    }

    @Test
    void lostLinkInTheMiddleGoesOnBehindWhatIsBack() {
        accepted();
        deliver(11, 13);
        server.port.leafInterest(API, false);
        assertThat(info()).contains("\"lost\":{\"msgs\":[14,");
        server.port.leafInterest(API, true);
        delivered = 0;
        accepted(14);
        deliver(14, 20);
        assertThat(info()).contains("\"messages\":30").doesNotContain("\"lost\"");
    }

    @Test
    void originThatWasMadeAnewGivesNothingBack() {
        accepted();
        origin.deliverLast(11, 1, "a.2", 40 * SECOND_NS);
        assertThat(info()).contains("\"messages\":20", "\"lost\":");
        assertThat(stored(11)).contains("\"err_code\":10037");
    }

    @Test
    void promotedMirrorWaitsForNothing() {
        server.request("STREAM.UPDATE.M", "{\"name\":\"M\",\"subjects\":[\"a.*\"]}");
        server.run();
        assertThat(log().lost()).isEmpty();
        server.restart();
        assertThat(info()).doesNotContain("\"lost\"");
    }

    private void accepted() {
        accepted(PART + 1);
    }

    private void accepted(long from) {
        Message refill = request("JS_REFILL_");
        assertThat(TestOrigin.config(refill).get("opt_start_seq")).isEqualTo(from);
        origin.accept(refill, "R", from - 1);
    }

    /** Delivers from the first one asked for. */
    private void deliver(long from, long to) {
        for (long seq = from; seq <= to; seq++) {
            origin.deliver(seq, ++delivered, "a." + seq % 3);
        }
    }

    private Message request(String name) {
        while (true) {
            Message request = origin.request();
            if (String.valueOf(TestOrigin.config(request).get("name")).startsWith(name)) {
                return request;
            }
        }
    }

    private StreamLog log() {
        return Objects.requireNonNull(server.store.streams().find("A", "M"));
    }

    private String stored(long seq) {
        return server.request("STREAM.MSG.GET.M", "{\"seq\":" + seq + "}");
    }

    private String info() {
        return server.request("STREAM.INFO.M", "");
    }
}
