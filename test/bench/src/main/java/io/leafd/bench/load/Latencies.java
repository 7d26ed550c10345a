package io.leafd.bench.load;

import java.util.Arrays;

/** How long each of many exchanges took. Owned by one client; bounded: beyond the capacity the oldest are overwritten. */
public final class Latencies {
    private static final int CAPACITY = 1 << 20;

    private final long[] ns = new long[CAPACITY];
    private long count;

    /** Adds one. */
    public void add(long elapsedNs) {
        ns[(int) (count++ % CAPACITY)] = elapsedNs;
    }

    /** How many there were. */
    public long count() {
        return count;
    }

    /** The smallest value that is not below {@code share} of all, in nanoseconds; 0 when there are none. */
    public long quantileNs(double share) {
        long[] sorted = Arrays.copyOf(ns, (int) Math.min(count, CAPACITY));
        Arrays.sort(sorted);
        return sorted.length == 0 ? 0 : sorted[(int) Math.min(sorted.length - 1, (long) (share * sorted.length))];
    }
}
