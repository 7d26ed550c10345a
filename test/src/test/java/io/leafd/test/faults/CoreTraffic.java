package io.leafd.test.faults;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * One message at a time from a publisher to a subscriber that has nothing to do with streams, timed. What is lost with a connection
 * is not counted; what a living connection does not deliver within {@value #ANSWER_SECONDS} s is.
 */
final class CoreTraffic extends Endeavour {
    private static final int ANSWER_SECONDS = 5;
    private static final long PAUSE_NS = 5_000_000L;

    private final Latencies latencies = new Latencies();
    private long number;

    CoreTraffic(int port) {
        super("core-traffic", port);
    }

    @Override
    void session(WireClient client) throws IOException {
        String subject = "core.%d".formatted(System.nanoTime());
        client.subscribe(subject, 1);
        while (!stopped()) {
            String text = Long.toString(++number);
            long sentNs = System.nanoTime();
            client.publish(subject, "", text.getBytes(StandardCharsets.US_ASCII));
            client.flush();
            WireClient.Delivery back;
            do {
                back = client.next(Duration.ofSeconds(ANSWER_SECONDS));
            } while (back != null && !back.text().equals(text));
            if (back == null) {
                latencies.missed();
            } else {
                latencies.came(System.nanoTime() - sentNs);
            }
            LockSupport.parkNanos(PAUSE_NS);
        }
    }

    /** How long each message took. */
    Latencies latencies() {
        return latencies;
    }
}
