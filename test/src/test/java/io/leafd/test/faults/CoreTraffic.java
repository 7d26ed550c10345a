package io.leafd.test.faults;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;

/**
 * One message at a time from a publisher to a subscriber that has nothing to do with streams, timed. What is lost with a connection
 * is not counted; what a living connection does not deliver within {@value #ANSWER_SECONDS} s is.
 */
final class CoreTraffic extends Endeavour {
    private static final int ANSWER_SECONDS = 5;
    private static final long PAUSE_NS = 5_000_000L;
    private static final int SAMPLES_MAX = 1 << 20;

    private long[] samplesNs = new long[1024];
    private int count;
    private int missing;
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
            note(back == null ? -1 : System.nanoTime() - sentNs);
            LockSupport.parkNanos(PAUSE_NS);
        }
    }

    /** How many messages came. */
    synchronized int count() {
        return count;
    }

    /** How many did not. */
    synchronized int missing() {
        return missing;
    }

    /** A percentile of the times of all messages since the last {@link #reset}. */
    synchronized Duration percentile(double percent) {
        if (count == 0) {
            return Duration.ZERO;
        }
        long[] sorted = Arrays.copyOf(samplesNs, count);
        Arrays.sort(sorted);
        return Duration.ofNanos(sorted[(int) Math.min(count - 1L, (long) (count * percent / 100))]);
    }

    synchronized void reset() {
        count = 0;
        missing = 0;
    }

    private synchronized void note(long tookNs) {
        if (tookNs < 0) {
            missing++;
        } else if (count < SAMPLES_MAX) {
            if (count == samplesNs.length) {
                samplesNs = Arrays.copyOf(samplesNs, count * 2);
            }
            samplesNs[count++] = tookNs;
        }
    }
}
