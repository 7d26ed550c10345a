package io.leafd.link.forward;

import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Names each message of a forward for good: {@code <site>/<forward>.<run>/<seq>}, the {@code Nats-Msg-Id} upstream. Owned
 * by the store loop.
 *
 * <p>The same message always has the same id, over any number of restarts, and no two messages ever share one. The
 * sequence alone cannot promise the second: after a restore from a backup, or a power cut with {@code sync} other than
 * "always", sequences that the upstream has already seen are given to new messages. So each start draws a random run for
 * the sequences that did not exist when it began:
 *
 * <pre>
 *   seq   1 … 500 | 501 … 730 | 731 …
 *   run   k3Xa9     Qw02z       9fJcc      (start with last sequence 0, 500, 730)
 * </pre>
 *
 * Bounds: {@value #RUNS_MAX} runs; beyond that the oldest is forgotten and its messages take the id of the next.
 */
final class MessageIds {
    static final int RUNS_MAX = 1024;

    private static final String DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final int RUN_LENGTH = 5;

    private final String prefix;
    private final NavigableMap<Long, String> runs;

    /**
     * The ids of one forward.
     *
     * @param runs first sequence of each run, as kept by {@link Progress}; copied
     */
    MessageIds(String site, String forward, NavigableMap<Long, String> runs) {
        this.prefix = site + "/" + forward + ".";
        this.runs = new TreeMap<>(runs);
    }

    /** Begins a new run for all sequences behind {@code lastSeq}. */
    void begin(long lastSeq, RandomGenerator random) {
        runs.tailMap(lastSeq, false).clear();
        var run = new StringBuilder(RUN_LENGTH);
        for (int i = 0; i < RUN_LENGTH; i++) {
            run.append(DIGITS.charAt(random.nextInt(DIGITS.length())));
        }
        runs.put(lastSeq + 1, run.toString());
        while (runs.size() > RUNS_MAX) {
            runs.pollFirstEntry();
        }
    }

    /** Forgets the runs that only have messages up to {@code confirmedSeq}. */
    void forget(long confirmedSeq) {
        Long needed = runs.floorKey(confirmedSeq + 1);
        if (needed != null) {
            runs.headMap(needed, false).clear();
        }
    }

    /** The id of a message. */
    String of(long seq) {
        var run = runs.floorEntry(seq);
        return prefix + (run == null ? runs.firstEntry() : run).getValue() + "/" + seq;
    }

    /** The sequence of the message with this id, 0 if it is not one of this forward. */
    long seqOf(@Nullable String id) {
        if (id == null || !id.startsWith(prefix)) {
            return 0;
        }
        try {
            long seq = Long.parseLong(id.substring(id.lastIndexOf('/') + 1));
            return seq > 0 && of(seq).equals(id) ? seq : 0;
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    /** First sequence of each run; a view. */
    NavigableMap<Long, String> runs() {
        return runs;
    }
}
