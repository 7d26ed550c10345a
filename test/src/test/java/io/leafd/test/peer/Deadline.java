package io.leafd.test.peer;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.awaitility.Awaitility;

/**
 * How long a scenario waits for something that should come at once.
 *
 * <p>The limits are generous because several scenarios share two cores; a scenario about time measures it and states its own bounds.
 */
public final class Deadline {

    /** For an answer of a server that runs. */
    public static final Duration ANSWER = Duration.ofSeconds(15);

    /** From the start of a server process to its first byte on a socket. */
    public static final Duration START = Duration.ofSeconds(30);

    /** From the request to stop to the end of a process. */
    public static final Duration STOP = Duration.ofSeconds(15);

    private static final Duration OFTEN = Duration.ofMillis(10);

    private Deadline() {}

    /** Waits until the condition holds and fails with the description when it still does not after the limit. */
    public static void await(String what, Duration limit, BooleanSupplier condition) {
        await(what, limit, OFTEN, condition);
    }

    /** As above, looking once in so long: for what takes long to be looked at, or loads the server that is measured. */
    public static void await(String what, Duration limit, Duration interval, BooleanSupplier condition) {
        Awaitility.await(what).atMost(limit).pollInterval(interval).until(condition::getAsBoolean);
    }
}
