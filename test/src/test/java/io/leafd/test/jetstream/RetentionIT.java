package io.leafd.test.jetstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.leafd.test.conformance.Brokers;
import io.leafd.test.conformance.Conformance;
import io.leafd.test.peer.Deadline;
import io.leafd.test.peer.JsonTree;
import io.leafd.test.setup.ServerSetup;
import io.nats.client.Message;
import io.nats.client.Subscription;
import org.junit.jupiter.api.Test;

/** Streams that keep a message only as long as somebody needs it. */
@Conformance
class RetentionIT {

    private static final ServerSetup SETUP = ServerSetup.open("retention").jetstream("shop");

    private final Brokers brokers;

    RetentionIT(Brokers brokers) {
        this.brokers = brokers;
    }

    @Test
    void workQueueRemovesWhatIsAcknowledgedOrTerminated() {
        try (JetStream js = JetStream.of(brokers.with(SETUP))) {
            js.stream("WORK", "\"subjects\":[\"work.>\"],\"retention\":\"workqueue\"");
            js.consumer("WORK", "c", "\"ack_policy\":\"explicit\"");
            js.stored(1, "work.a", "1");
            js.stored(2, "work.b", "2");
            js.stored(3, "work.c", "3");
            js.request(pullOne(js, "WORK", "c").getReplyTo(), "+ACK");
            awaitMessages(js, "WORK", 2);
            js.request(pullOne(js, "WORK", "c").getReplyTo(), "+TERM");
            awaitMessages(js, "WORK", 1);
            js.request(pullOne(js, "WORK", "c").getReplyTo(), "-NAK");
            assertThat(js.info("WORK").number("state.messages")).isEqualTo(1);
            assertThat(js.info("WORK").number("state.first_seq")).isEqualTo(3);
        }
    }

    @Test
    void workQueueTakesOnlyConsumersThatShareNothing() {
        try (JetStream js = JetStream.of(brokers.with(SETUP))) {
            js.stream("RULES", "\"subjects\":[\"rules.>\"],\"retention\":\"workqueue\"");
            assertRefused(js, "x", "\"ack_policy\":\"none\"", 10084);
            assertRefused(js, "x", "\"ack_policy\":\"all\"", 10098);
            assertRefused(js, "x", "\"ack_policy\":\"explicit\",\"deliver_policy\":\"new\"", 10101);
            js.consumer("RULES", "a", "\"ack_policy\":\"explicit\",\"filter_subject\":\"rules.a\"");
            js.consumer("RULES", "b", "\"ack_policy\":\"explicit\",\"filter_subject\":\"rules.b\"");
            assertRefused(js, "x", "\"ack_policy\":\"explicit\"", 10099);
            assertRefused(js, "x", "\"ack_policy\":\"explicit\",\"filter_subject\":\"rules.*\"", 10100);
        }
    }

    @Test
    void interestKeepsNothingWithoutConsumers() {
        try (JetStream js = JetStream.of(brokers.with(SETUP))) {
            js.stream("NOBODY", "\"subjects\":[\"nobody\"],\"retention\":\"interest\"");
            js.stored(1, "nobody", "1");
            js.stored(2, "nobody", "2");
            JsonTree info = js.info("NOBODY");
            assertThat(info.number("state.messages")).isZero();
            assertThat(info.number("state.last_seq")).isEqualTo(2);
        }
    }

    @Test
    void interestKeepsAMessageUntilAllHaveAcknowledgedIt() {
        try (JetStream js = JetStream.of(brokers.with(SETUP))) {
            js.stream("ALL", "\"subjects\":[\"all.>\"],\"retention\":\"interest\"");
            js.consumer("ALL", "a", "\"ack_policy\":\"explicit\"");
            js.consumer("ALL", "b", "\"ack_policy\":\"explicit\",\"filter_subject\":\"all.b\"");
            js.stored(1, "all.a", "1");
            js.stored(2, "all.b", "2");
            js.request(pullOne(js, "ALL", "a").getReplyTo(), "+ACK");
            awaitMessages(js, "ALL", 1);
            js.request(pullOne(js, "ALL", "a").getReplyTo(), "+ACK");
            assertThat(js.info("ALL").number("state.messages")).isEqualTo(1);
            js.request(pullOne(js, "ALL", "b").getReplyTo(), "+ACK");
            awaitMessages(js, "ALL", 0);
        }
    }

    @Test
    void interestLetsGoWhenTheLastNeedyConsumerIsDeleted() {
        try (JetStream js = JetStream.of(brokers.with(SETUP))) {
            js.stream("LEFT", "\"subjects\":[\"left\"],\"retention\":\"interest\"");
            js.consumer("LEFT", "a", "\"ack_policy\":\"explicit\"");
            js.stored(1, "left", "1");
            assertThat(js.info("LEFT").number("state.messages")).isEqualTo(1);
            js.ok("CONSUMER.DELETE.LEFT.a", "");
            awaitMessages(js, "LEFT", 0);
        }
    }

    private static void awaitMessages(JetStream js, String stream, int messages) {
        Deadline.await(
                messages + " messages left",
                Deadline.ANSWER,
                () -> js.info(stream).number("state.messages") == messages);
    }

    private static Message pullOne(JetStream js, String stream, String consumer) {
        Subscription inbox = js.inbox();
        js.send("$JS.API.CONSUMER.MSG.NEXT." + stream + "." + consumer, inbox.getSubject(), "1");
        return JetStream.next(inbox);
    }

    private static void assertRefused(JetStream js, String name, String config, int errorCode) {
        JsonTree answer = js.call("CONSUMER.CREATE.RULES." + name, JetStream.consumerRequest("RULES", name, config));
        assertThat(answer.has("error")).as("%s: %s", config, answer).isTrue();
        assertThat(answer.number("error.err_code")).as("%s: %s", config, answer).isEqualTo(errorCode);
    }
}
