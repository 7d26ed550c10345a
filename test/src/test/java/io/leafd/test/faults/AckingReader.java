package io.leafd.test.faults;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** Reads a stream through a durable pull consumer and acknowledges each message, asking for a confirmation. */
final class AckingReader extends Endeavour {
    private static final String CONSUMER = "worker";
    private static final int BATCH = 200;
    private static final Duration WAIT = Duration.ofMillis(500);
    private static final int MESSAGES = 1;
    private static final int CONFIRMATIONS = 2;

    private final String stream;
    private final AckBook book;
    private int sessions;

    AckingReader(int port, String stream, AckBook book) {
        super("acking-reader", port);
        this.stream = stream;
        this.book = book;
    }

    /** Makes the consumer. */
    static void create(JetStreamApi api, String stream) {
        api.request(
                "CONSUMER.CREATE.%s.%s".formatted(stream, CONSUMER),
                "{\"stream_name\":\"%s\",\"config\":{\"durable_name\":\"%s\",\"name\":\"%s\",\"ack_policy\":\"explicit\",\"deliver_policy\":\"all\",\"ack_wait\":3000000000,\"max_ack_pending\":5000,\"replay_policy\":\"instant\"}}"
                        .formatted(stream, CONSUMER, CONSUMER));
    }

    /** Messages that the consumer has not been given or that it has not acknowledged. */
    static long open(JetStreamApi api, String stream) {
        var info = api.request("CONSUMER.INFO.%s.%s".formatted(stream, CONSUMER), "");
        return info.number("num_pending") + info.number("num_ack_pending");
    }

    /** Takes one message and acknowledges it; whether the server confirmed that. */
    static boolean acknowledgeOne(JetStreamApi api, String stream) {
        WireClient.Delivery message = api.next(stream, CONSUMER);
        return message.status() == 0
                && api.ask(message.reply(), "+ACK".getBytes(StandardCharsets.US_ASCII), WAIT.multipliedBy(20))
                                .status()
                        == 0;
    }

    @Override
    void session(WireClient client) throws IOException {
        String inbox = "_INBOX.r%d.%d".formatted(System.nanoTime(), ++sessions);
        client.subscribe(inbox + ".m", MESSAGES);
        client.subscribe(inbox + ".c.*", CONFIRMATIONS);
        var waiting = new HashMap<String, MessageId>();
        int wanted = 0;
        long silentSinceNs = System.nanoTime();
        while (!stopped()) {
            if (wanted <= 0 || System.nanoTime() - silentSinceNs > 2 * WAIT.toNanos()) {
                client.publish(
                        "$JS.API.CONSUMER.MSG.NEXT.%s.%s".formatted(stream, CONSUMER),
                        inbox + ".m",
                        "{\"batch\":%d,\"expires\":%d}"
                                .formatted(BATCH, WAIT.toNanos())
                                .getBytes(StandardCharsets.US_ASCII));
                wanted = BATCH;
                silentSinceNs = System.nanoTime();
            }
            client.flush();
            WireClient.Delivery message = client.next(Duration.ofMillis(50));
            if (message == null) {
                continue;
            }
            silentSinceNs = System.nanoTime();
            if (message.sid() == CONFIRMATIONS) {
                MessageId id = waiting.remove(message.subject());
                if (id != null && message.status() == 0) {
                    book.confirmed(id);
                }
            } else if (message.status() != 0) {
                wanted = 0;
            } else {
                wanted--;
                acknowledge(client, message, inbox, waiting);
            }
        }
    }

    private void acknowledge(
            WireClient client, WireClient.Delivery message, String inbox, Map<String, MessageId> waiting) {
        MessageId id = MessageId.of(message.payload());
        if (id == null) {
            throw new AssertionError("the consumer was given bytes that nobody sent: %s %s"
                    .formatted(message.subject(), message.reply()));
        }
        book.delivered(id);
        String reply = inbox + ".c." + id;
        waiting.put(reply, id);
        client.publish(message.reply(), reply, "+ACK".getBytes(StandardCharsets.US_ASCII));
    }
}
