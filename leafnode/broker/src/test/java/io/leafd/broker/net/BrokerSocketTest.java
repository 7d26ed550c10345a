package io.leafd.broker.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.leafd.broker.Broker;
import io.leafd.broker.InternalClient;
import io.leafd.broker.account.Account;
import io.leafd.broker.account.Accounts;
import io.leafd.broker.interest.Publisher;
import io.leafd.protocol.Message;
import io.leafd.protocol.Subject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The broker behind a real socket, spoken to line by line. What the lines must be is proven against nats-server too. */
class BrokerSocketTest {
    private static final long SEND_MAX_BYTES = 12 << 20;
    private static final long RECEIVE_MAX_BYTES = 4 << 20;

    private final BrokerRig rig = new BrokerRig(
            new EventLoops(
                    2, new SendMemory(SEND_MAX_BYTES), new ReceiveMemory(RECEIVE_MAX_BYTES, Duration.ofMillis(500))),
            SubscriptionMemory.maxBytesOfHeap());
    private final Broker broker = rig.broker;

    @AfterEach
    void stop() {
        rig.close();
    }

    @Test
    void aVerboseSessionReadsAsNatsServersDoes() throws IOException {
        try (var client = rig.client()) {
            client.send("CONNECT {}\r\nPING\r\nSUB a 1\r\nPUB a 2\r\nhi\r\nUNSUB 1\r\nUNSUB 77\r\nPING\r\n");
            assertThat(client.lines(9))
                    .containsExactly("+OK", "PONG", "+OK", "+OK", "MSG a 1 2", "hi", "+OK", "+OK", "PONG");
        }
    }

    @Test
    void aMessageReachesClientsOfBothLoops() throws IOException {
        List<LineClient> clients = new ArrayList<>();
        try {
            for (int i = 0; i < 4; i++) {
                var client = rig.client();
                clients.add(client);
                client.send("CONNECT {\"verbose\":false}\r\nSUB news.* " + i + "\r\nPING\r\n");
                assertThat(client.in.readLine()).isEqualTo("PONG");
            }
            clients.getFirst().send("PUB news.today re.ply 5\r\nhello\r\n");
            for (int i = 0; i < 4; i++) {
                assertThat(clients.get(i).lines(2)).containsExactly("MSG news.today " + i + " re.ply 5", "hello");
            }
        } finally {
            for (LineClient client : clients) {
                client.close();
            }
        }
    }

    @Test
    void aMessageThatIsMuchForAllItsReadersTogetherReachesEachOfThem() throws IOException {
        int payload = 1_000_000; // times the readers it is more than may wait
        List<LineClient> readers = new ArrayList<>();
        try (var publisher = rig.client()) {
            for (int i = 0; i < 24; i++) {
                var reader = rig.client();
                readers.add(reader);
                reader.send("CONNECT {\"verbose\":false,\"headers\":true}\r\nSUB big 7\r\nPING\r\n");
                assertThat(reader.in.readLine()).isEqualTo("PONG");
            }
            String first = "x".repeat(payload);
            String second = "y".repeat(payload);
            publisher.send("CONNECT {\"verbose\":false,\"headers\":true}\r\n");
            publisher.send("PUB big answer %d\r\n%s\r\n".formatted(payload, first));
            publisher.send("HPUB  big  12 %d\r\nNATS/1.0\r\n\r\n%s\r\n".formatted(payload + 12, second));
            for (LineClient reader : readers) {
                assertThat(reader.lines(5))
                        .containsExactly(
                                "MSG big 7 answer " + payload,
                                first,
                                "HMSG big 7 12 " + (payload + 12),
                                "NATS/1.0",
                                "");
                assertThat(reader.lines(1)).containsExactly(second);
            }
            assertThat(broker.server().slowConsumers().sum()).isZero();
        } finally {
            for (LineClient reader : readers) {
                reader.close();
            }
        }
    }

    @Test
    void aRequestNobodyTakesIsAnswered() throws IOException {
        try (var client = rig.client()) {
            client.send("CONNECT {\"verbose\":false,\"headers\":true,\"no_responders\":true}\r\n"
                    + "SUB _INBOX.* 9\r\nPUB nobody _INBOX.a 0\r\n\r\n");
            assertThat(client.lines(4))
                    .containsExactly("HMSG _INBOX.a 9 38 38", "NATS/1.0 503", "Nats-Subject: nobody", "");
        }
    }

    @Test
    void aLargePayloadCutIntoManyPacketsArrivesWhole() throws IOException {
        try (var client = rig.client()) {
            String payload = "0123456789".repeat(60_000);
            client.send("CONNECT {\"verbose\":false}\r\nSUB big 1\r\nPUB big " + payload.length() + "\r\n" + payload
                    + "\r\nPING\r\n");
            assertThat(client.lines(3)).containsExactly("MSG big 1 " + payload.length(), payload, "PONG");
        }
    }

    @Test
    void internalClientsPublishAndSubscribe() throws Exception {
        Account account = broker.accounts().get(Accounts.GLOBAL);
        InternalClient internal = broker.internalClient(account, "test");
        var seen = new CountDownLatch(1);
        internal.subscribe("to.us", null, delivery -> {
            seen.countDown();
            return true;
        });
        try (var client = rig.client()) {
            client.send("CONNECT {\"verbose\":false}\r\nSUB inbox.1 5\r\nPUB to.us 1\r\nx\r\nPING\r\n");
            assertThat(client.in.readLine()).isEqualTo("PONG");
            assertThat(seen.await(5, TimeUnit.SECONDS)).isTrue();
            internal.publish(
                    new Message(
                            Subject.of("orders.new"), Subject.of("ack.1"), "body".getBytes(StandardCharsets.UTF_8), 0),
                    Subject.of("inbox.1"));
            assertThat(client.lines(2)).containsExactly("MSG orders.new 5 ack.1 4", "body");
        }
    }

    @Test
    void whatAnInternalClientQueuesGoesOutWhenItsLoopIsWoken() throws Exception {
        InternalClient internal = broker.internalClient(broker.accounts().get(Accounts.GLOBAL), "test");
        try (var client = rig.client()) {
            client.send("CONNECT {\"verbose\":false}\r\nSUB a 1\r\nPING\r\n");
            assertThat(client.in.readLine()).isEqualTo("PONG");
            var message = new Message(Subject.of("a"), null, "b".getBytes(StandardCharsets.UTF_8), 0);

            assertThat(internal.queue(message, null)).isTrue();
            assertThat(internal.queue(message, null)).isFalse(); // who was told first wakes it
            client.send("PING\r\n");
            assertThat(client.in.readLine()).isEqualTo("PONG"); // and nothing before it

            internal.wake();
            assertThat(client.lines(4)).containsExactly("MSG a 1 1", "b", "MSG a 1 1", "b");
        }
    }

    /** Who resumes a publisher may be in the midst of a delivery; what the publisher says next must wait for its end. */
    @Test
    void aPublisherThatIsResumedSpeaksWhenTheDeliveryIsOver() throws Exception {
        Account account = broker.accounts().get(Accounts.GLOBAL);
        InternalClient internal = broker.internalClient(account, "test");
        var paused = new CompletableFuture<Publisher>();
        var spoke = new CompletableFuture<String>();
        internal.subscribe("pause", null, delivery -> {
            delivery.origin().pause();
            return paused.complete(delivery.origin());
        });
        internal.subscribe("speak", null, delivery -> spoke.complete("spoke"));
        try (var client = rig.client()) {
            client.send("CONNECT {\"verbose\":false}\r\nPUB pause 0\r\n\r\nPUB speak 0\r\n\r\n");
            var publisher = (ClientConnection) paused.get(5, TimeUnit.SECONDS);
            boolean spokeInside = publisher
                    .turn()
                    .loop()
                    .submit(() -> {
                        publisher.pause(); // the first pause may have ended by itself
                        boolean before = spoke.isDone();
                        publisher.resume();
                        return spoke.isDone() && !before;
                    })
                    .get(5, TimeUnit.SECONDS);
            assertThat(spokeInside).isFalse();
            assertThat(spoke.get(5, TimeUnit.SECONDS)).isEqualTo("spoke");
        }
    }

    @Test
    void aReaderThatNeverReadsIsCutOffAndNobodyElseIs() throws IOException {
        try (var slow = rig.client();
                var publisher = rig.client()) {
            slow.send("CONNECT {\"verbose\":false}\r\nSUB flood 1\r\nPING\r\n");
            assertThat(slow.in.readLine()).isEqualTo("PONG");
            publisher.send("CONNECT {\"verbose\":false}\r\n");
            String frame = "PUB flood 100000\r\n" + "x".repeat(100_000) + "\r\n";
            for (int i = 0; i < 1_000 && broker.server().slowConsumers().sum() == 0; i++) {
                publisher.send(frame);
            }
            publisher.send("PING\r\n");
            String answer = publisher.in.readLine();
            assertThat("PING".equals(answer) ? publisher.in.readLine() : answer).isEqualTo("PONG");
            assertThat(broker.server().slowConsumers().sum()).isEqualTo(1);
        }
    }

    /** Each of them lags by less than one reader may. */
    @Test
    void manySlowReadersAreCutOffTogetherAndAGoodOneMissesNothing() throws Exception {
        List<LineClient> slow = new ArrayList<>();
        try (var good = rig.client();
                var publisher = rig.client()) {
            for (int i = 0; i < 24; i++) {
                var client = rig.client();
                slow.add(client);
                client.socket.setReceiveBufferSize(16 * 1024);
                client.send("CONNECT {\"verbose\":false}\r\nSUB flood 1\r\nPING\r\n");
                assertThat(client.in.readLine()).isEqualTo("PONG");
            }
            good.send("CONNECT {\"verbose\":false}\r\nSUB flood 1\r\nPING\r\n");
            assertThat(good.in.readLine()).isEqualTo("PONG");
            publisher.send("CONNECT {\"verbose\":false}\r\n");
            String payload = "x".repeat(10_000);
            long mostBytes = 0;
            int messages = 0;
            while (broker.server().slowConsumers().sum() == 0 && messages < 10_000) {
                publisher.send("PUB flood 10000\r\n" + payload + "\r\n");
                messages++;
                assertThat(good.lines(2)).containsExactly("MSG flood 1 10000", payload);
                mostBytes = Math.max(mostBytes, pendingBytes());
            }

            assertThat(broker.server().slowConsumers().sum()).isPositive();
            assertThat(mostBytes).isLessThan(SEND_MAX_BYTES + 25 * 10_100);
            good.send("PING\r\n");
            assertThat(good.lines(1)).containsExactly("PONG");
        } finally {
            for (LineClient client : slow) {
                client.close();
            }
        }
    }

    @Test
    void halfMessagesOfSilentClientsGiveWayToAWholeOne() throws Exception {
        List<LineClient> silent = new ArrayList<>();
        try (var good = rig.client()) {
            for (int i = 0; i < 6; i++) {
                var client = rig.client();
                silent.add(client);
                client.send("CONNECT {\"verbose\":false}\r\nPUB a 1000000\r\n" + "x".repeat(100_000));
            }
            String payload = "y".repeat(900_000);
            good.send("CONNECT {\"verbose\":false}\r\nSUB b 1\r\n");
            for (int i = 0; i < 3; i++) {
                good.send("PUB b 900000\r\n" + payload + "\r\nPING\r\n");
                assertThat(good.lines(3)).containsExactly("MSG b 1 900000", payload, "PONG");
            }
        } finally {
            for (LineClient client : silent) {
                client.close();
            }
        }
    }

    private long pendingBytes() {
        return broker.server().clients().values().stream()
                .mapToLong(client -> client.outbox().pendingBytes())
                .sum();
    }
}
