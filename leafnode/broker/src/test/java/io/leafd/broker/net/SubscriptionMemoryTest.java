package io.leafd.broker.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.leafd.broker.Broker;
import io.leafd.broker.InternalClient;
import io.leafd.broker.account.Account;
import io.leafd.broker.account.Accounts;
import io.leafd.security.login.UserDirectory;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SubscriptionMemoryTest {
    private static final ServerIdentity IDENTITY =
            new ServerIdentity("NTEST", "test", ServerIdentity.NATS_VERSION, "0", null);
    private static final long MAX_BYTES = 64 << 10;
    /** The longest line of SUB, with a fork for each token. */
    private static final long ONE_MORE_BYTES = 32 << 10;

    private Broker broker;
    private InetSocketAddress address;

    @BeforeEach
    void start() throws IOException {
        var server = new ServerContext(
                IDENTITY, new EventLoops(2), UserDirectory.open(Accounts.GLOBAL), ClientLimits.DEFAULTS, 0, MAX_BYTES);
        server.accounts().add(new Account(Accounts.GLOBAL, false));
        broker = new Broker(server);
        address = broker.listen("127.0.0.1", 0, null);
    }

    @AfterEach
    void stop() {
        broker.close();
    }

    private SubscriptionMemory memory() {
        return broker.server().subscriptionMemory();
    }

    private final class Client implements AutoCloseable {
        private final Socket socket = new Socket();
        private final BufferedReader in;

        Client() throws IOException {
            socket.setTcpNoDelay(true);
            socket.connect(address);
            socket.setSoTimeout(10_000);
            in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            in.readLine(); // INFO
            send("CONNECT {\"verbose\":false}\r\n");
            sync();
        }

        void send(String text) throws IOException {
            socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        }

        /** What the server has sent up to the answer of a PING. */
        List<String> sync() throws IOException {
            send("PING\r\n");
            List<String> lines = new ArrayList<>();
            for (String line = in.readLine(); !"PONG".equals(line); line = in.readLine()) {
                assertThat(line).isNotNull();
                if (!"PING".equals(line)) { // comes by time
                    lines.add(line);
                }
            }
            return lines;
        }

        /** Subscribes until it is refused; returns how often it was not. */
        int fill(String prefix) throws IOException {
            for (int i = 0; i < 10_000; i++) {
                send("SUB " + prefix + "." + i + " " + prefix + i + "\r\n");
                List<String> answer = sync();
                if (!answer.isEmpty()) {
                    assertThat(answer).containsExactly("-ERR 'maximum subscriptions exceeded'");
                    return i;
                }
            }
            throw new AssertionError("never refused");
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    @Test
    void whoAsksForTooMuchIsRefusedAndStays() throws IOException {
        try (var greedy = new Client();
                var other = new Client()) {
            int taken = greedy.fill("greedy");
            assertThat(taken).isGreaterThan(100);
            assertThat(memory().heldBytes()).isBetween(MAX_BYTES, MAX_BYTES + ONE_MORE_BYTES);
            assertThat(memory().refused()).isEqualTo(1);
            assertThat(other.fill("other")).isZero();

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
        try (var other = new Client()) {
            try (var greedy = new Client()) {
                greedy.fill("greedy");
            }
            Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> memory().heldBytes() == 0);
            assertThat(other.fill("other")).isGreaterThan(100);
            other.send("CONNECT {\"verbose\":false}\r\n"); // a new login drops them
            other.sync();
            assertThat(memory().heldBytes()).isZero();
        }
    }

    @Test
    void oursAreCountedAndNeverRefused() throws IOException {
        InternalClient ours = broker.internalClient(broker.accounts().get(Accounts.GLOBAL), "test");
        try (var greedy = new Client()) {
            greedy.fill("greedy");
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
        List<Client> clients = new ArrayList<>();
        for (int step = 0; step < 3_000; step++) {
            if (clients.isEmpty() || (clients.size() < 4 && random.nextInt(50) == 0)) {
                clients.add(new Client());
            }
            Client client = clients.get(random.nextInt(clients.size()));
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
        for (Client client : clients) {
            client.sync();
            assertThat(memory().heldBytes()).isPositive();
        }
        for (Client client : clients) {
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
