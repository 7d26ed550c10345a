package io.leafd.test.faults;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * A client that has nothing to do with the others: one request at a time to a {@link Responder} on another connection, timed. What has
 * no answer after {@value #ANSWER_SECONDS} s counts as missing.
 */
final class Requester extends Endeavour {
    static final String SUBJECT = "errand";
    static final int ANSWER_SECONDS = 5;
    private static final long PAUSE_NS = 5_000_000L;

    private final Latencies latencies = new Latencies();
    private long number;

    Requester(int port) {
        super("requester", port);
    }

    Latencies latencies() {
        return latencies;
    }

    @Override
    void session(WireClient client) throws IOException {
        String inbox = "_INBOX.errand.%d".formatted(System.nanoTime());
        client.subscribe(inbox, 1);
        while (!stopped()) {
            String text = Long.toString(++number);
            long sentNs = System.nanoTime();
            client.publish(SUBJECT, inbox, text.getBytes(StandardCharsets.US_ASCII));
            client.flush();
            WireClient.Delivery answer;
            do {
                answer = client.next(Duration.ofSeconds(ANSWER_SECONDS));
            } while (answer != null && answer.status() == 0 && !answer.text().equals(text));
            if (answer == null || answer.status() != 0) {
                latencies.missed();
            } else {
                latencies.came(System.nanoTime() - sentNs);
            }
            LockSupport.parkNanos(PAUSE_NS);
        }
    }

    /** Answers each request with its own text. */
    static final class Responder extends Endeavour {
        private static final Duration TICK = Duration.ofMillis(100);

        Responder(int port) {
            super("responder", port);
        }

        @Override
        void session(WireClient client) throws IOException {
            client.subscribe(SUBJECT, 1);
            client.flush();
            while (!stopped()) {
                WireClient.Delivery request = client.next(TICK);
                if (request != null) {
                    client.publish(request.reply(), "", request.payload());
                    client.flush();
                }
            }
        }
    }
}
