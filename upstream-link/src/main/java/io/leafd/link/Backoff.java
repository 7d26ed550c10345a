package io.leafd.link;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long a link waits before its next attempt. Owned by the control thread; the generator is its only state.
 *
 * <p>The wait is drawn evenly from one second up to a bound that doubles with each failure in a row until {@code cap}: a
 * thousand boxes that lost the same upstream in the same moment do not come back in the same moment. Failures that only a
 * person can end have waits of their own.
 *
 * <p>Source of the fixed waits: observed on nats-server 2.15.2, which leaves out the growth.
 */
final class Backoff {
    static final Duration CAP_DEFAULT = Duration.ofSeconds(10);

    private static final long FIRST_NS = Duration.ofSeconds(1).toNanos();
    private static final long LOOP_NS = Duration.ofSeconds(30).toNanos();
    private static final long VERSION_NS = Duration.ofSeconds(5).toNanos();
    private static final long AUTHORIZATION_NS = Duration.ofSeconds(60).toNanos();
    private static final int AUTHORIZATION_QUICK_COUNT = 5;
    private static final int DOUBLINGS_MAX = 20;

    private final long capNs;
    private final RandomGenerator random;

    /** Waits of at most {@code cap}, except the fixed ones. */
    Backoff(Duration cap, RandomGenerator random) {
        this.capNs = Math.max(FIRST_NS, cap.toNanos());
        this.random = random;
    }

    /**
     * The wait after a failure.
     *
     * @param failures failures in a row, this one included; 0 if an established link was lost
     */
    long delayNs(LinkFailure.Kind kind, int failures) {
        return switch (kind) {
            case LOOP, SAME_CLUSTER -> spread(LOOP_NS);
            case VERSION -> spread(VERSION_NS);
            case AUTHORIZATION -> failures > AUTHORIZATION_QUICK_COUNT ? spread(AUTHORIZATION_NS) : grown(failures);
            case NETWORK, TIMEOUT, DUPLICATE, PERMISSIONS, CONFIGURATION, PROTOCOL -> grown(failures);
        };
    }

    private long grown(int failures) {
        long bound = Math.min(capNs, FIRST_NS << Math.min(failures + 1, DOUBLINGS_MAX));
        return bound <= FIRST_NS ? FIRST_NS : random.nextLong(FIRST_NS, bound + 1);
    }

    /** A fixed wait and up to a tenth more. */
    private long spread(long delayNs) {
        return delayNs + random.nextLong(delayNs / 10 + 1);
    }
}
