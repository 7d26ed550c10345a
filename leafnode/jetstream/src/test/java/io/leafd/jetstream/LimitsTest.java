package io.leafd.jetstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LimitsTest {
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
    void oldestGivesWayToTheNewMessage() {
        create("\"max_msgs\":2");
        publish("s.a", "s.b", "s.c");

        assertThat(state()).contains("\"messages\":2", "\"first_seq\":2");
        assertThat(server.consumersOf("S").events)
                .containsExactly("+1 s.a 34", "+2 s.b 34", "-1 s.a LIMIT", "+3 s.c 34");
    }

    @Test
    void bytesAreCountedWithTheirOverhead() {
        create("\"max_bytes\":68"); // two messages of 30 + 3 + 1 bytes
        publish("s.a", "s.b");
        assertThat(state()).contains("\"messages\":2,\"bytes\":68");
        publish("s.c");
        assertThat(state()).contains("\"messages\":2,\"bytes\":68,\"first_seq\":2");
        server.publish("s.d", "x".repeat(30), "A", "b");
        assertThat(state()).contains("\"messages\":0"); // larger than the limit by itself
    }

    @Test
    void newMessageIsRefusedWhenOldOnesStay() {
        create("\"max_msgs\":2,\"discard\":\"new\"");
        publish("s.a", "s.b");

        assertThat(server.publish("s.c", "x"))
                .isEqualTo("{\"error\":{\"code\":503,\"err_code\":10077,\"description\":\"maximum messages exceeded\"},"
                        + "\"stream\":\"S\",\"seq\":0}");
        assertThat(state()).contains("\"messages\":2", "\"last_seq\":2");
    }

    @Test
    void bytesAreRefusedWhenOldOnesStay() {
        create("\"max_bytes\":68,\"discard\":\"new\"");
        publish("s.a", "s.b");

        assertThat(server.publish("s.c", "x")).contains("10077", "maximum bytes exceeded");
    }

    @Test
    void subjectKeepsItsNewestMessages() {
        create("\"max_msgs_per_subject\":2");
        publish("s.a", "s.b", "s.a", "s.a");

        assertThat(server.request("STREAM.INFO.S", "{\"subjects_filter\":\">\"}"))
                .contains("\"subjects\":{\"s.a\":2,\"s.b\":1}", "\"first_seq\":2");
    }

    @Test
    void discardNewStillRenewsTheSubject() {
        create("\"max_msgs_per_subject\":1,\"max_msgs\":2,\"discard\":\"new\"");
        publish("s.a", "s.b");

        assertThat(server.publish("s.a", "x")).contains("\"seq\":3");
        assertThat(server.publish("s.c", "x")).contains("maximum messages exceeded");
    }

    @Test
    void discardNewPerSubjectRefuses() {
        create("\"max_msgs_per_subject\":1,\"discard\":\"new\",\"discard_new_per_subject\":true");
        publish("s.a");

        assertThat(server.publish("s.a", "x")).contains("10077", "maximum messages per subject exceeded");
        assertThat(server.publish("s.b", "x")).contains("\"seq\":2");
    }

    @Test
    void loweredLimitsTakeEffectAtOnce() {
        create("\"max_msgs\":-1");
        for (int i = 0; i < 1500; i++) {
            publish("s." + i % 3);
        }

        update("\"max_msgs_per_subject\":400");
        server.run();
        assertThat(state()).contains("\"messages\":1200");
        update("\"max_msgs\":10");
        server.run();
        assertThat(state()).contains("\"messages\":10", "\"first_seq\":1491");
    }

    @Test
    void messagesExpireWhileNobodyPublishes() {
        create("\"max_age\":1000000000");
        publish("s.a");
        server.clock.advance(Duration.ofMillis(500));
        publish("s.b");
        server.clock.advance(Duration.ofMillis(499));
        server.run();
        assertThat(state()).contains("\"messages\":2");
        server.clock.advance(Duration.ofMillis(1));
        server.run();
        assertThat(state()).contains("\"messages\":1", "\"first_seq\":2");
        server.clock.advance(Duration.ofMillis(500));
        server.run();
        assertThat(state()).contains("\"messages\":0", "\"first_seq\":3");
        assertThat(server.consumersOf("S").events).endsWith("-1 s.a LIMIT", "-2 s.b LIMIT");
    }

    @Test
    void messagesThatExpiredWhileStoppedGoAfterTheStart() {
        create("\"max_age\":1000000000");
        publish("s.a");
        server.clock.advance(Duration.ofSeconds(2));

        server.restart();

        assertThat(state()).contains("\"messages\":0", "\"last_seq\":1");
    }

    @Test
    void ageCanBeChanged() {
        create("\"max_age\":1000000000");
        publish("s.a");
        update("\"max_age\":0");
        server.clock.advance(Duration.ofSeconds(5));
        server.run();
        assertThat(state()).contains("\"messages\":1");
        update("\"max_age\":1000000000");
        server.run();
        assertThat(state()).contains("\"messages\":0");
    }

    @Test
    void clockSetForwardExpiresNothingEarly() {
        create("\"max_age\":1000000000");
        publish("s.a");
        server.clock.advance(Duration.ofMillis(600));
        publish("s.b");
        server.clock.jump(Duration.ofDays(20_000));
        server.clock.advance(Duration.ofMillis(400));
        server.run();
        assertThat(state()).contains("\"messages\":1", "\"first_seq\":2");
        publish("s.c");
        server.clock.advance(Duration.ofMillis(600));
        server.run();
        assertThat(state()).contains("\"messages\":1", "\"first_seq\":3");
        server.clock.advance(Duration.ofMillis(400));
        server.run();
        assertThat(state()).contains("\"messages\":0");
    }

    @Test
    void clockSetForwardForgetsNoMessageId() {
        create("\"duplicate_window\":60000000000");
        server.publish("s.a", "x", "Nats-Msg-Id", "one");
        server.clock.jump(Duration.ofDays(20_000));

        assertThat(server.publish("s.a", "x", "Nats-Msg-Id", "one")).contains("\"duplicate\": true");
        server.clock.advance(Duration.ofSeconds(61));
        assertThat(server.publish("s.a", "x", "Nats-Msg-Id", "one")).contains("\"seq\":2");
    }

    @Test
    void clockSetBackReordersNothing() {
        create("\"max_age\":1000000000");
        publish("s.a");
        server.clock.jump(Duration.ofDays(-1));
        server.clock.advance(Duration.ofMillis(500));
        publish("s.b");

        assertThat(server.request("STREAM.MSG.GET.S", "{\"seq\":2}")).contains("\"time\":\"2026-01-02T03:04:05.5Z\"");
        server.clock.advance(Duration.ofMillis(500));
        server.run();
        assertThat(state()).contains("\"messages\":1", "\"first_seq\":2");
        server.clock.advance(Duration.ofMillis(500));
        server.run();
        assertThat(state()).contains("\"messages\":0");
    }

    @Test
    void interestKeepsOnlyWhatAConsumerWants() {
        create("\"retention\":\"interest\"");
        publish("s.a");
        server.consumersOf("S").filters.add("s.b");
        publish("s.a", "s.b");

        assertThat(state()).contains("\"messages\":1", "\"first_seq\":3,", "\"last_seq\":3");
        server.publish("s.a", "x", "Nats-Msg-Id", "one");
        assertThat(server.publish("s.a", "x", "Nats-Msg-Id", "one")).contains("\"seq\":4,\"duplicate\": true");
    }

    @Test
    void doneMessageGoesWhenNobodyWaitsForItAnyMore() {
        create("\"retention\":\"interest\"");
        server.consumersOf("S").filters.add("s.*");
        server.consumersOf("S").awaited.add(1L);
        publish("s.a");

        release(1);
        assertThat(state()).contains("\"messages\":1");
        server.consumersOf("S").awaited.clear();
        release(1);
        assertThat(state()).contains("\"messages\":0");
        assertThat(server.consumersOf("S").events).endsWith("-1 s.a DONE");
    }

    @Test
    void workIsRemovedWhenDoneAndLimitsRetentionKeepsIt() {
        create("\"retention\":\"workqueue\"");
        publish("s.a");
        release(1);
        assertThat(state()).contains("\"messages\":0");

        server.request("STREAM.DELETE.S", "");
        create("\"max_msgs\":-1");
        publish("s.a");
        release(1);
        assertThat(state()).contains("\"messages\":1");
    }

    private void release(long seq) {
        server.jetStream.streams().get("S").release(seq);
        server.run();
    }

    private void create(String settings) {
        assertThat(server.request("STREAM.CREATE.S", "{\"name\":\"S\",\"subjects\":[\"s.*\"]," + settings + "}"))
                .contains("did_create");
    }

    private void update(String settings) {
        assertThat(server.request("STREAM.UPDATE.S", "{\"name\":\"S\",\"subjects\":[\"s.*\"]," + settings + "}"))
                .contains("config");
    }

    private void publish(String... subjects) {
        for (String subject : subjects) {
            server.publish(subject, "x");
        }
    }

    private String state() {
        return server.request("STREAM.INFO.S", "");
    }
}
