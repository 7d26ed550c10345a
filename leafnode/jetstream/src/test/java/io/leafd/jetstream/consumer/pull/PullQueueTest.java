package io.leafd.jetstream.consumer.pull;

import static org.assertj.core.api.Assertions.assertThat;

import io.leafd.jetstream.consumer.config.PriorityPolicy;
import io.leafd.protocol.Subject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PullQueueTest {
    private static final long SECOND_NS = 1_000_000_000L;

    private final FakePort port = new FakePort();
    private long nowNs = 5;
    private PullQueue queue = queue(PriorityPolicy.NONE);

    @Test
    void twoRequestsForTwoTakeTurns() {
        pull("a", "2");
        pull("b", "2");

        assertThat(serve(4)).containsExactly("a", "b", "a", "b");
        assertThat(queue.isEmpty()).isTrue();
        assertThat(port.take()).isEmpty();
    }

    @Test
    void bodiesAsClientsSendThem() {
        pull("a", "");
        pull("b", "what?");
        pull("c", "{\"expires\":1000000000}");
        pull("d", "{\"batch\":2}");

        assertThat(serve(5)).containsExactly("a", "b", "c", "d", "d");
        assertThat(queue.isEmpty()).isTrue();
    }

    @Test
    void withoutMessagesARequestThatDoesNotWaitEndsAtOnce() {
        queue.offer(Subject.of("a"), bytes("{\"batch\":1,\"no_wait\":true}"), 0, nowNs);

        assertThat(port.take()).containsExactly("a: 404 No Messages");
        assertThat(queue.isEmpty()).isTrue();
    }

    @Test
    void aRequestThatDoesNotWaitEndsWithTheData() {
        pull("a", "{\"batch\":5,\"no_wait\":true}");
        serve(2);
        assertThat(queue.hasImpatient()).isTrue();

        queue.sweep(true, nowNs);

        assertThat(port.take()).containsExactly("a: 404 No Messages");
        assertThat(queue.hasImpatient()).isFalse();
    }

    @Test
    void notWaitingWithExpiryWaitsForTheFirstMessage() {
        queue.offer(Subject.of("a"), bytes("{\"batch\":5,\"no_wait\":true,\"expires\":1000000000}"), 0, nowNs);
        queue.sweep(true, nowNs);
        assertThat(port.take()).isEmpty();

        serve(1);
        queue.sweep(true, nowNs);
        assertThat(port.take()).containsExactly("a: 404 No Messages");
    }

    @Test
    void earlierRequestsThatTakeEverythingLeaveNothingForOneThatDoesNotWait() {
        pull("a", "10");
        queue.offer(Subject.of("b"), bytes("{\"batch\":1,\"no_wait\":true}"), 3, nowNs);

        assertThat(port.take()).containsExactly("b: 408 Requests Pending");
    }

    @Test
    void anExpiredRequestIsToldWhatItLeavesOpen() {
        pull("a", "{\"batch\":5,\"max_bytes\":1000,\"expires\":1000000000}");
        queue.claim(100, 1, 0, nowNs);
        queue.sweep(true, nowNs);
        assertThat(queue.dueNs(nowNs)).isEqualTo(SECOND_NS + 1);

        nowNs += SECOND_NS + 1;
        queue.sweep(true, nowNs);
        assertThat(queue.dueNs(nowNs)).isEqualTo(Long.MAX_VALUE);
        assertThat(port.take())
                .containsExactly("a: 408 Request Timeout, Nats-Pending-Messages: 4, Nats-Pending-Bytes: 900");
    }

    @Test
    void anExpiredRequestGetsNoMessage() {
        pull("a", "{\"batch\":5,\"expires\":1000000000}");
        nowNs += SECOND_NS + 1;

        assertThat(serve(1)).isEmpty();
        assertThat(port.take())
                .containsExactly("a: 408 Request Timeout, Nats-Pending-Messages: 5, Nats-Pending-Bytes: 0");
    }

    @Test
    void aMessageLargerThanTheBytesLeftEndsTheRequest() {
        pull("a", "{\"batch\":5,\"max_bytes\":150}");
        pull("b", "1");

        assertThat(queue.claim(100, 9, 0, nowNs)).hasToString("pull to a left 4");
        assertThat(queue.claim(100, 9, 0, nowNs)).hasToString("pull to b left 0");
        assertThat(queue.claim(100, 9, 0, nowNs)).isNull();
        assertThat(port.take())
                .containsExactly(
                        "a: 409 Message Size Exceeds MaxBytes, Nats-Pending-Messages: 4, Nats-Pending-Bytes: 50");
    }

    @Test
    void bytesThatAreUsedUpExactlyEndTheRequestSilently() {
        pull("a", "{\"batch\":5,\"max_bytes\":200}");

        sendOne(100);
        sendOne(100);
        assertThat(queue.isEmpty()).isTrue();
        assertThat(port.take()).isEmpty();
    }

    @Test
    void aBatchThatLeavesBytesOpenIsCompleted() {
        pull("a", "{\"batch\":1,\"max_bytes\":200}");

        sendOne(150);
        assertThat(port.take())
                .containsExactly("a: 409 Batch Completed, Nats-Pending-Messages: 0, Nats-Pending-Bytes: 50");
    }

    @Test
    void heartbeatsComeWhileNothingIsDelivered() {
        pull("a", "{\"batch\":5,\"expires\":10000000000,\"idle_heartbeat\":1000000000}");
        nowNs += SECOND_NS / 2;
        serve(1); // starts the interval anew
        nowNs += SECOND_NS / 2;
        queue.sweep(true, nowNs);
        assertThat(queue.dueNs(nowNs)).isEqualTo(SECOND_NS / 2);
        assertThat(port.take()).isEmpty();

        nowNs += SECOND_NS / 2;
        queue.sweep(true, nowNs);
        assertThat(port.take()).containsExactly("a: heartbeat");
    }

    @Test
    void aFullQueueAnswersUnlessTheClientHasHeartbeats() {
        queue = new PullQueue(new PullTerms(1, 0, 0, 0, PriorityPolicy.NONE, List.of(), 0), port, nowNs);
        pull("a", "1");
        pull("b", "1");
        pull("c", "{\"batch\":1,\"expires\":10000000000,\"idle_heartbeat\":1000000000}");

        assertThat(port.take()).containsExactly("b: 409 Exceeded MaxWaiting");
    }

    @Test
    void aFullQueueLetsGoOfRequestsThatNobodyListensTo() {
        queue = new PullQueue(new PullTerms(1, 0, 0, 0, PriorityPolicy.NONE, List.of(), 0), port, nowNs);
        pull("a", "1");
        port.deaf.add("a");
        pull("b", "1");

        assertThat(serve(1)).containsExactly("b");
        assertThat(port.take()).isEmpty();
    }

    @Test
    void requestsWithoutListenerAreSkipped() {
        pull("a", "1");
        pull("b", "1");
        port.deaf.add("a");

        assertThat(serve(2)).containsExactly("b");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"batch\":6}|409 Exceeded MaxRequestBatch of 5",
                "{\"batch\":1,\"expires\":3000000000}|409 Exceeded MaxRequestExpires of 2s",
                "{\"batch\":1,\"max_bytes\":501}|409 Exceeded MaxRequestMaxBytes of 500",
                "{\"batch\":1,\"expires\":1000000000,\"idle_heartbeat\":600000000}|400 Bad Request - heartbeat value too large",
                "{\"batch\":1,\"idle_heartbeat\":600000000}|400 Bad Request - heartbeat value too large",
                "{\"batch\":\"x\"}|400 Bad Request - json: cannot unmarshal string into Go struct field JSApiConsumerGetNextRequest.batch of type int",
                "{\"min_pending\":1}|400 Bad Request - Not a Overflow Priority consumer",
                "{\"id\":\"x\"}|400 Bad Request - Not a Pinned Client Priority consumer",
                "{\"priority\":10}|400 Bad Request - Priority must be between 0 and 9",
            })
    void refusals(String body, String status) {
        queue = new PullQueue(new PullTerms(9, 5, 2 * SECOND_NS, 500, PriorityPolicy.NONE, List.of(), 0), port, nowNs);
        pull("a", body);

        assertThat(port.take()).containsExactly("a: " + status);
    }

    @Test
    void deletionEndsEveryRequest() {
        pull("a", "1");
        pull("b", "5");
        queue.endAll(PullStatus.DELETED);

        assertThat(port.take()).containsExactly("a: 409 Consumer Deleted", "b: 409 Consumer Deleted");
        assertThat(queue.isEmpty()).isTrue();
    }

    @Test
    void groupsMustBeNamed() {
        queue = queue(PriorityPolicy.OVERFLOW);
        pull("a", "{\"batch\":1}");
        pull("b", "{\"batch\":1,\"group\":\"B\"}");

        assertThat(port.take())
                .containsExactly(
                        "a: 400 Bad Request - Priority Group missing", "b: 400 Bad Request - Invalid Priority Group");
    }

    @Test
    void overflowServesOnlyWhatItsConditionsAllow() {
        queue = queue(PriorityPolicy.OVERFLOW);
        pull("a", "{\"batch\":1,\"group\":\"A\",\"min_pending\":10}");
        pull("b", "{\"batch\":1,\"group\":\"A\",\"min_ack_pending\":5}");

        assertThat(queue.claim(1, 9, 4, nowNs)).isNull();
        assertThat(queue.claim(1, 9, 5, nowNs)).hasToString("pull to b left 0");
        assertThat(queue.claim(1, 10, 0, nowNs)).hasToString("pull to a left 0");
    }

    @Test
    void theFirstClientIsPinnedAndTheOthersStandBy() {
        queue = queue(PriorityPolicy.PINNED_CLIENT);
        pull("a", "{\"batch\":2,\"group\":\"A\"}");
        pull("b", "{\"batch\":1,\"group\":\"A\"}");

        assertThat(serve(3)).containsExactly("a", "a");
        assertThat(queue.pinId()).isEqualTo("pin1");
        pull("a2", "{\"batch\":1,\"group\":\"A\",\"id\":\"pin1\"}");
        assertThat(serve(1)).containsExactly("a2");
        pull("c", "{\"batch\":1,\"group\":\"A\",\"id\":\"other\"}");
        assertThat(port.take()).containsExactly("pinned A pin1", "c: 423 Nats-Pin-Id mismatch");
    }

    @Test
    void aSilentClientLosesItsPin() {
        queue = queue(PriorityPolicy.PINNED_CLIENT);
        pull("a", "{\"batch\":5,\"group\":\"A\"}");
        pull("b", "{\"batch\":1,\"group\":\"A\"}");
        serve(1);
        nowNs += 60 * SECOND_NS;
        queue.sweep(true, nowNs);

        assertThat(serve(1)).containsExactly("b");
        assertThat(queue.claim(1, 1, 0, nowNs)).isNull();
        assertThat(port.take())
                .containsExactly(
                        "pinned A pin1",
                        "unpinned A timeout",
                        "pinned A pin2",
                        "a: 423 Nats-Wrong-Pin-Id, Nats-Pending-Messages: 4, Nats-Pending-Bytes: 0");
    }

    @Test
    void priorityDecidesAndEqualsTakeTurns() {
        queue = queue(PriorityPolicy.PRIORITIZED);
        pull("low", "{\"batch\":1,\"group\":\"A\",\"priority\":7}");
        pull("high1", "{\"batch\":2,\"group\":\"A\",\"priority\":1}");
        pull("high2", "{\"batch\":1,\"group\":\"A\",\"priority\":1}");

        assertThat(serve(4)).containsExactly("high1", "high2", "high1", "low");
    }

    private PullQueue queue(PriorityPolicy policy) {
        return new PullQueue(new PullTerms(512, 0, 0, 0, policy, List.of("A"), 60 * SECOND_NS), port, nowNs);
    }

    private void pull(String reply, String body) {
        queue.offer(Subject.of(reply), bytes(body), 1, nowNs);
    }

    private void sendOne(long size) {
        PullRequest request = queue.claim(size, 1, 0, nowNs);
        assertThat(request).isNotNull();
        queue.sent(request);
    }

    private List<String> serve(int messages) {
        var replies = new ArrayList<String>();
        for (int i = 0; i < messages; i++) {
            PullRequest request = queue.claim(1, 1, 0, nowNs);
            if (request != null) {
                replies.add(request.reply().toString());
            }
        }
        return replies;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
