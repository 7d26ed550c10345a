package io.leafd.test.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.leafd.test.peer.Deadline;
import io.leafd.test.peer.JsonTree;
import io.leafd.test.peer.RawClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Clients that subscribe to more than a leafd with the flags of the package can hold: more is refused, they stay, everybody else goes on,
 * and there is room again when they let go.
 */
@Timeout(120)
class ManySubscriptionsIT {
    private static final String REFUSED = "-ERR 'maximum subscriptions exceeded'\r\n";
    private static final int AT_LEAST = 100_000;
    private static final int AT_A_TIME = 2_000;
    private static final int OF_CLIENT = 50_000;
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final Box box = Box.on(Box.Kind.LEAFD, "").asShipped();
    private final List<RawClient> greedy = new ArrayList<>();

    @BeforeEach
    void start() {
        box.start();
    }

    @AfterEach
    void end() {
        greedy.forEach(RawClient::close);
        box.close();
    }

    @Test
    void whatIsTooMuchIsRefusedAndHurtsNobodyElse() {
        try (RawClient other = client();
                JetStreamApi api = JetStreamApi.open(box.clientPort())) {
            exchange(other, "SUB talk.> 1\r\nSUB acks.* 2\r\n");
            api.createStream("KEPT", "kept.>", "");

            int taken = subscribeUntilRefused();
            assertThat(taken).as("subscriptions taken").isGreaterThanOrEqualTo(AT_LEAST);

            for (RawClient client : greedy) {
                assertThat(exchange(client, "SUB one.more " + taken + "\r\n")).isEqualTo(REFUSED);
            }
            assertThat(exchange(other, "SUB one.more 3\r\n")).isEqualTo(REFUSED);
            assertThat(exchange(other, "PUB talk.a 2\r\nhi\r\n")).isEqualTo("MSG talk.a 1 2\r\nhi\r\n");
            assertThat(exchange(greedy.getFirst(), "PUB " + subject(7) + " 2\r\nhi\r\n"))
                    .isEqualTo("MSG " + subject(7) + " 7 2\r\nhi\r\n");
            other.send("PUB kept.a acks.a 2\r\nhi\r\n");
            assertThat(line(other)).startsWith("MSG acks.a 2 ");
            assertThat(line(other)).contains("\"stream\":\"KEPT\"").contains("\"seq\":1");
            JsonTree clients = AdminQuestion.status(box.dataDirectory());
            assertThat(clients.number("answer.clients.subscriptions_refused")).isPositive();

            assertThat(exchange(greedy.getFirst(), "UNSUB 7\r\nUNSUB 8\r\n")).isEmpty();
            assertThat(exchange(other, "SUB one.more 3\r\nPUB one.more 2\r\nhi\r\n"))
                    .isEqualTo("MSG one.more 3 2\r\nhi\r\n");

            greedy.removeLast().close();
            int before = greedy.size();
            Deadline.await(
                    "there is room again",
                    LIMIT,
                    () -> exchange(other, "SUB still.more 4\r\n").isEmpty());
            assertThat(subscribeUntilRefused()).as("subscriptions taken again").isPositive();
            assertThat(greedy).hasSizeGreaterThan(before);
        }
        assertThat(box.logText())
                .contains("subscription refused")
                .doesNotContain("OutOfMemory")
                .doesNotContain("connection handler failed");
    }

    /** What the server sends up to its PONG, without the PING that comes by time. */
    private static String exchange(RawClient client, String text) {
        return client.exchange(text).replace("PING\r\n", "");
    }

    /** The next line, but for a PING. */
    private static String line(RawClient client) {
        String line = client.line();
        return line.equals("PING") ? client.line() : line;
    }

    private RawClient client() {
        return RawClient.open(box.clientPort()).within(LIMIT).connect();
    }

    /** Lets clients come and subscribe to subjects of 20 bytes; returns how often that was not refused. */
    private int subscribeUntilRefused() {
        int number = greedy.size() * OF_CLIENT;
        int taken = 0;
        while (true) {
            RawClient client = client();
            greedy.add(client);
            for (int end = number + OF_CLIENT; number < end; ) {
                var lines = new StringBuilder();
                for (int last = number + AT_A_TIME; number < last; number++) {
                    lines.append("SUB ")
                            .append(subject(number))
                            .append(' ')
                            .append(number)
                            .append("\r\n");
                }
                String answer = exchange(client, lines.toString());
                int refused = answer.length() / REFUSED.length();
                assertThat(answer).isEqualTo(REFUSED.repeat(refused));
                taken += AT_A_TIME - refused;
                if (refused > 0) {
                    return taken;
                }
            }
        }
    }

    private static String subject(int number) {
        return "crowd.%07d.%06d".formatted(number % 1_000, number / 1_000);
    }
}
