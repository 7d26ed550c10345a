package io.leafd.broker.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.leafd.broker.InternalClient;
import io.leafd.broker.account.Accounts;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SubscriptionMemoryTest {
    private static final long MAX_BYTES = 64 << 10;
    /** The longest line of SUB, with a fork for each token. */
    private static final long ONE_MORE_BYTES = 32 << 10;

    private final BrokerRig rig = new BrokerRig(new EventLoops(2), MAX_BYTES);

    @AfterEach
    void stop() {
        rig.close();
    }

    private SubscriptionMemory memory() {
        return rig.broker.server().subscriptionMemory();
    }

    private LineClient client() throws IOException {
        LineClient client = rig.client();
        client.send("CONNECT {\"verbose\":false}\r\n");
        client.sync();
        return client;
    }

    /** Subscribes until it is refused; returns how often it was not. */
    private static int fill(LineClient client, String prefix) throws IOException {
        for (int i = 0; i < 10_000; i++) {
            client.send("SUB " + prefix + "." + i + " " + prefix + i + "\r\n");
            List<String> answer = client.sync();
            if (!answer.isEmpty()) {
                assertThat(answer).containsExactly("-ERR 'maximum subscriptions exceeded'");
                return i;
            }
        }
        throw new AssertionError("never refused");
    }

    @Test
    void whoAsksForTooMuchIsRefusedAndStays() throws IOException {
        try (var greedy = client();
                var other = client()) {
            int taken = fill(greedy, "greedy");
            assertThat(taken).isGreaterThan(100);
            assertThat(memory().heldBytes()).isBetween(MAX_BYTES, MAX_BYTES + ONE_MORE_BYTES);
            assertThat(memory().refused()).isEqualTo(1);
            assertThat(fill(other, "other")).isZero();

            greedy.send("PUB greedy.1 2\r\nhi\r\n");
            assertThat(greedy.sync()).containsExactly("MSG greedy.1 greedy1 2", "hi");
            greedy.send("SUB greedy.1 greedy1\r\n"); // known already: not one more
            assertThat(greedy.sync()).isEmpty();

            greedy.send("UNSUB greedy1\r\nUNSUB greedy2\r\n");
            greedy.sync();
            other.send("SUB room.again 1\r\nPUB room.again 2\r\nhi\r\n");
            assertThat(other.sync()).containsExactly("MSG room.again 1 2", "hi");
        }
    }

    @Test
    void whatAConnectionHeldIsFreeWhenItEnds() throws IOException {
        try (var other = client()) {
            try (var greedy = client()) {
                fill(greedy, "greedy");
            }
            Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> memory().heldBytes() == 0);
            assertThat(fill(other, "other")).isGreaterThan(100);
            other.send("CONNECT {\"verbose\":false}\r\n"); // a new login drops them
            other.sync();
            assertThat(memory().heldBytes()).isZero();
        }
    }

    @Test
    void oursAreCountedAndNeverRefused() throws IOException {
        InternalClient ours = rig.broker.internalClient(rig.broker.accounts().get(Accounts.GLOBAL), "test");
        try (var greedy = client()) {
            fill(greedy, "greedy");
            long before = memory().heldBytes();
            ours.subscribe("ours.>", null, delivery -> true);
            assertThat(memory().heldBytes()).isGreaterThan(before);
            ours.close();
            assertThat(memory().heldBytes()).isEqualTo(before);
        }
    }

    @Test
    void whatIsHeldComesBackToNothingWhateverCameAndWent() throws IOException {
        var random = new Random(17);
        List<LineClient> clients = new ArrayList<>();
        for (int step = 0; step < 3_000; step++) {
            if (clients.isEmpty() || (clients.size() < 4 && random.nextInt(50) == 0)) {
                clients.add(client());
            }
            LineClient client = clients.get(random.nextInt(clients.size()));
            int sid = random.nextInt(200);
            switch (random.nextInt(100)) {
                case 0 -> {
                    clients.remove(client);
                    client.close();
                }
                case 1 -> client.send("CONNECT {\"verbose\":false}\r\n");
                case 2, 3, 4, 5 -> client.send("UNSUB " + sid + " 1\r\n");
                case 6, 7, 8, 9 -> client.send("PUB a.b.c 1\r\nx\r\n");
                default ->
                    client.send(
                            random.nextInt(3) == 0
                                    ? "UNSUB " + sid + "\r\n"
                                    : "SUB " + filter(random) + (random.nextInt(5) == 0 ? " q " : " ") + sid + "\r\n");
            }
        }
        for (LineClient client : clients) {
            client.sync();
            assertThat(memory().heldBytes()).isPositive();
        }
        for (LineClient client : clients) {
            client.close();
        }
        Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> memory().heldBytes() == 0);
    }

    private static String filter(Random random) {
        var filter = new StringBuilder();
        for (int i = random.nextInt(4); i >= 0; i--) {
            filter.append("abc*".charAt(random.nextInt(4))).append(i == 0 ? "" : ".");
        }
        return filter + (random.nextInt(4) == 0 ? ".>" : "");
    }
}
