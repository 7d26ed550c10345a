package io.leafd.broker.net;

import java.time.Duration;

/**
 * Bounds of client connections. Immutable.
 *
 * @param payloadMaxBytes headers and payload of one message
 * @param controlLineMaxBytes arguments of one line
 * @param pendingMaxBytes bytes waiting for one slow reader before it is cut off
 * @param connectionsMax clients at one time
 * @param subscriptionsMax subscriptions of one client, 0 for no limit
 * @param pingInterval between the server's own PINGs
 * @param pingMax unanswered PINGs after which a connection is stale
 * @param authTimeout from accept, or from the end of the TLS handshake, to a valid CONNECT
 * @param writeDeadline how long a client may take nothing while something waits for it
 */
public record ClientLimits(
        int payloadMaxBytes,
        int controlLineMaxBytes,
        long pendingMaxBytes,
        int connectionsMax,
        int subscriptionsMax,
        Duration pingInterval,
        int pingMax,
        Duration authTimeout,
        Duration writeDeadline) {
    /** What nats-server has, but for the pending bytes, which are those of a small box. */
    public static final ClientLimits DEFAULTS = new ClientLimits(
            1 << 20, 4096, 8 << 20, 4096, 0, Duration.ofMinutes(2), 2, Duration.ofSeconds(2), Duration.ofSeconds(10));

    /** The bounds of one client's outbox. */
    Outbox.Bounds outboxBounds() {
        return new Outbox.Bounds(pendingMaxBytes, writeDeadline.toNanos());
    }
}
