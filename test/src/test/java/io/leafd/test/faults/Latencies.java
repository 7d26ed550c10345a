package io.leafd.test.faults;

import java.time.Duration;
import java.util.Arrays;

/** How long one client waited for each of its answers since the last {@link #reset}, and how many never came. Any thread. */
final class Latencies {
    private static final int SAMPLES_MAX = 1 << 20;

    private long[] samplesNs = new long[1024];
    private int count;
    private int missing;

    synchronized void came(long tookNs) {
        if (count < SAMPLES_MAX) {
            if (count == samplesNs.length) {
                samplesNs = Arrays.copyOf(samplesNs, count * 2);
            }
            samplesNs[count++] = tookNs;
        }
    }

    synchronized void missed() {
        missing++;
    }

    /** How many answers came. */
    synchronized int count() {
        return count;
    }

    /** How many did not. */
    synchronized int missing() {
        return missing;
    }

    /** A percentile of the times; zero when there are none. */
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

    /** How many came, how many did not, and {@link #toString}, with tabs between them; from now on it counts anew. */
    synchronized String take() {
        String taken = "%d\t%d\t%s".formatted(count, missing, this);
        reset();
        return taken;
    }

    @Override
    public synchronized String toString() {
        return "answers=%d unanswered=%d p50=%d us p99=%d us slowest=%d us"
                .formatted(
                        count,
                        missing,
                        percentile(50).toNanos() / 1000,
                        percentile(99).toNanos() / 1000,
                        percentile(100).toNanos() / 1000);
    }
}
