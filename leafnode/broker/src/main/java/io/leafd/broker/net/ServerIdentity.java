package io.leafd.broker.net;

import org.jspecify.annotations.Nullable;

/**
 * Who this server says it is. Immutable.
 *
 * @param serverId public server nkey, {@code N} and 55 more characters; new with every process
 * @param serverName configured, or the host's name
 * @param version the NATS version that clients gate their features on, not leafd's own
 * @param leafdVersion leafd's own
 * @param domain JetStream domain, null where JetStream is off
 */
public record ServerIdentity(
        String serverId,
        String serverName,
        String version,
        String leafdVersion,
        @Nullable String domain) {
    /** The release of nats-server whose protocol and API is spoken here. */
    public static final String NATS_VERSION = "2.15.2";
}
