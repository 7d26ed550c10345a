package io.leafd.test.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.leafd.test.peer.RawClient;
import io.leafd.test.setup.ServerSetup;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Subscriptions of one connection: their ids, their end, and the order in which things arrive. */
@Conformance
class SubscriptionIT {

    private static final ServerSetup OPEN = ServerSetup.open("subscription");

    private final Brokers brokers;

    SubscriptionIT(Brokers brokers) {
        this.brokers = brokers;
    }

    @Test
    void idIsEchoedAsItIs() {
        try (RawClient client = brokers.connect(OPEN)) {
            assertThat(client.exchange("SUB a Grün-7\r\nPUB a 0\r\n\r\n")).isEqualTo("MSG a Grün-7 0\r\n\r\n");
        }
    }

    @Test
    void secondSubscriptionWithAnIdInUseIsIgnored() {
        try (RawClient client = brokers.connect(OPEN)) {
            assertThat(client.exchange("SUB a 1\r\nSUB b 1\r\nPUB b 0\r\n\r\nPUB a 0\r\n\r\n"))
                    .isEqualTo("MSG a 1 0\r\n\r\n");
        }
    }

    @Test
    void idIsFreeAfterItsSubscriptionEnded() {
        try (RawClient client = brokers.connect(OPEN)) {
            assertThat(client.exchange("SUB a 1\r\nUNSUB 1\r\nSUB b 1\r\nPUB a 0\r\n\r\nPUB b 0\r\n\r\n"))
                    .isEqualTo("MSG b 1 0\r\n\r\n");
        }
    }

    @Test
    void eachMatchingSubscriptionOfAConnectionGetsTheMessage() {
        try (RawClient client = brokers.connect(OPEN)) {
            String frames = client.exchange("SUB a.b 1\r\nSUB a.* 2\r\nSUB > 3\r\nPUB a.b 1\r\nx\r\n");
            assertThat(frames.split("(?=MSG )"))
                    .containsExactlyInAnyOrder("MSG a.b 1 1\r\nx\r\n", "MSG a.b 2 1\r\nx\r\n", "MSG a.b 3 1\r\nx\r\n");
        }
    }

    @Test
    void unsubscribeWithMaximumEndsAfterExactlyThatMany() {
        try (RawClient client = brokers.connect(OPEN)) {
            assertThat(client.exchange("SUB a 1\r\nUNSUB 1 2\r\n" + "PUB a 1\r\nx\r\n".repeat(5)))
                    .isEqualTo("MSG a 1 1\r\nx\r\n".repeat(2));
        }
    }

    @Test
    void maximumCountsFromTheSubscription() {
        try (RawClient client = brokers.connect(OPEN)) {
            String three = "PUB a 1\r\nx\r\n".repeat(3);
            assertThat(client.exchange("SUB a 1\r\n" + three + "UNSUB 1 5\r\n" + three))
                    .isEqualTo("MSG a 1 1\r\nx\r\n".repeat(5));
        }
    }

    @Test
    void maximumAlreadyReachedEndsAtOnce() {
        try (RawClient client = brokers.connect(OPEN)) {
            assertThat(client.exchange("SUB a 1\r\n" + "PUB a 1\r\nx\r\n".repeat(3) + "UNSUB 1 2\r\nPUB a 1\r\nx\r\n"))
                    .isEqualTo("MSG a 1 1\r\nx\r\n".repeat(3));
        }
    }

    @Test
    void maximumCountsForMemberOfAQueueGroupToo() {
        try (RawClient client = brokers.connect(OPEN)) {
            assertThat(client.exchange("SUB a q 1\r\nUNSUB 1 2\r\n" + "PUB a 1\r\nx\r\n".repeat(5)))
                    .isEqualTo("MSG a 1 1\r\nx\r\n".repeat(2));
        }
    }

    @Test
    void unsubscribeOfAnUnknownIdIsIgnored() {
        try (RawClient client = brokers.connect(OPEN)) {
            assertThat(client.exchange("UNSUB 99\r\nUNSUB 98 3\r\n")).isEmpty();
        }
    }

    @Test
    void pongComesAfterAllThatTheClientsOwnPublishingCaused() {
        try (RawClient client = brokers.connect(OPEN)) {
            client.exchange("SUB p.> 1\r\n");
            StringBuilder published = new StringBuilder();
            StringBuilder delivered = new StringBuilder();
            for (int i = 0; i < 2_000; i++) {
                published.append("PUB p.").append(i).append(" 2\r\nok\r\n");
                delivered.append("MSG p.").append(i).append(" 1 2\r\nok\r\n");
            }
            assertThat(client.exchange(published.toString())).isEqualTo(delivered.toString());
        }
    }

    @Test
    void messagesOfOnePublisherArriveInOrder() {
        try (RawClient publisher = brokers.connect(OPEN);
                RawClient subscriber = brokers.connect(OPEN)) {
            subscriber.exchange("SUB o.* 1\r\n");
            StringBuilder published = new StringBuilder();
            for (int i = 0; i < 5_000; i++) {
                published
                        .append("PUB o.")
                        .append(i % 7)
                        .append(" 4\r\n")
                        .append("%04d".formatted(i))
                        .append("\r\n");
            }
            publisher.exchange(published + "PUB o.end 0\r\n\r\n");
            List<String> payloads = Pattern.compile("\r\n(\\d{4})\r\n")
                    .matcher(subscriber.until("MSG o.end 1 0\r\n"))
                    .results()
                    .map(match -> match.group(1))
                    .toList();
            assertThat(payloads).hasSize(5_000).isSorted();
        }
    }

    @Test
    void replySubjectReachesTheReceiver() {
        try (RawClient client = brokers.connect(OPEN)) {
            assertThat(client.exchange("SUB a 1\r\nPUB a reply.to 2\r\nhi\r\n"))
                    .isEqualTo("MSG a 1 reply.to 2\r\nhi\r\n");
        }
    }
}
