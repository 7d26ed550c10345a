package io.leafd.link;

import java.time.Duration;

/**
 * Life of one outbound leaf connection. Owned by the control thread; every change goes through {@link #next}.
 *
 * <pre>
 *            Due                 Accepted
 *   Waiting ─────► Handshaking ───────────► Connected
 *      ▲                │ Failed                │ Failed
 *      └────────────────┴───────────────────────┘          Stop from anywhere: Stopped
 * </pre>
 *
 * <p>There is no state of having given up. A connection that lasted less than {@link #STABLE} does not start the count of
 * failures anew: an upstream that accepts and closes at once is asked less and less often.
 */
sealed interface LinkState {
    /** How long a connection must live to count as a success. */
    Duration STABLE = Duration.ofSeconds(10);

    /**
     * Between attempts.
     *
     * @param attempt number of the last attempt, 0 before the first
     * @param failures failures in a row
     * @param timeouts how many of them, up to the last, were answers that did not come in time
     */
    record Waiting(int attempt, int failures, int timeouts, long dueAtNs) implements LinkState {}

    /** Dialling, or waiting for the upstream to accept. */
    record Handshaking(int attempt, int failures, int timeouts) implements LinkState {}

    /** In use. */
    record Connected(int attempt, int failures, int timeouts, long sinceNs) implements LinkState {}

    /** Ended for good. */
    record Stopped() implements LinkState {}

    /** The state before the first attempt, which is due at once. */
    static LinkState initial(long nowNs) {
        return new Waiting(0, 0, 0, nowNs);
    }

    /** The state that {@code event} leads to; the same object if it changes nothing. */
    static LinkState next(LinkState now, LinkEvent event, long nowNs, Backoff backoff) {
        if (now instanceof Stopped) {
            return now; // late network events must not revive a stopped link
        }
        return switch (event) {
            case LinkEvent.Stop() -> new Stopped();
            case LinkEvent.Retry() -> new Waiting(attempt(now), 0, 0, nowNs);
            case LinkEvent.Due() ->
                now instanceof Waiting w && nowNs - w.dueAtNs >= 0
                        ? new Handshaking(w.attempt + 1, w.failures, w.timeouts)
                        : now;
            case LinkEvent.Accepted(int attempt) ->
                now instanceof Handshaking h && h.attempt == attempt
                        ? new Connected(attempt, h.failures, h.timeouts, nowNs)
                        : now;
            case LinkEvent.Failed(int attempt, LinkFailure failure) ->
                attempt(now) == attempt ? failed(now, failure.kind(), nowNs, backoff) : now;
        };
    }

    private static LinkState failed(LinkState now, LinkFailure.Kind kind, long nowNs, Backoff backoff) {
        int failures = switch (now) {
            case Handshaking h -> h.failures + 1;
            case Connected c -> nowNs - c.sinceNs >= STABLE.toNanos() ? 0 : c.failures + 1;
            case Waiting w -> -1;
            case Stopped s -> -1;
        };
        if (failures < 0) {
            return now; // told already
        }
        int timeouts = now instanceof Handshaking h && kind == LinkFailure.Kind.TIMEOUT ? h.timeouts + 1 : 0;
        return new Waiting(attempt(now), failures, timeouts, nowNs + backoff.delayNs(kind, failures));
    }

    /** Number of the current or last attempt. */
    static int attempt(LinkState state) {
        return switch (state) {
            case Waiting w -> w.attempt;
            case Handshaking h -> h.attempt;
            case Connected c -> c.attempt;
            case Stopped s -> -1;
        };
    }
}
