package io.leafd.link;

import java.time.Duration;

/**
 * How long an attempt waits for each answer. Immutable, any thread.
 *
 * <p>The shortest times are those of nats-server. They double with each attempt in a row that ended in a timeout, and are
 * never shorter than three round trips of the last connection: over a link with five seconds of round trip an attempt with
 * one second of patience could never succeed.
 *
 * @param dialNs for the TCP connection
 * @param tlsNs for the TLS handshake
 * @param infoNs for the upstream's first INFO
 * @param acceptNs for the INFO that answers CONNECT
 */
public record DialTimes(long dialNs, long tlsNs, long infoNs, long acceptNs) {
    private static final long SECOND_NS = Duration.ofSeconds(1).toNanos();
    private static final int DOUBLINGS_MAX = 4;
    private static final int ROUND_TRIPS = 3;

    /**
     * The times of an attempt.
     *
     * @param timeouts attempts just before it that ended in a timeout
     * @param rttNs round trip of the last connection, 0 if unknown
     */
    static DialTimes of(int timeouts, long rttNs) {
        int shift = Math.min(timeouts, DOUBLINGS_MAX);
        long patience = ROUND_TRIPS * rttNs;
        long one = Math.max(patience, SECOND_NS << shift);
        long two = Math.max(patience, (2 * SECOND_NS) << shift);
        return new DialTimes(one, two, one, two);
    }
}
