package io.leafd.link;

import org.jspecify.annotations.Nullable;

/**
 * Who is at the other end of an established leaf connection. Immutable, any thread.
 *
 * @param cluster what marks connections of one cluster: messages of one are not sent to another; empty if unknown
 * @param domain its JetStream domain, or null
 * @param account the account that the connection is bound to at that end
 * @param headers whether it reads headers
 * @param payloadMaxBytes largest message that it takes
 * @param isolated whether it does not want to be told of other leafs' interest
 */
record LeafPeer(
        String name,
        String version,
        String cluster,
        @Nullable String domain,
        String account,
        boolean headers,
        int payloadMaxBytes,
        boolean isolated) {}
