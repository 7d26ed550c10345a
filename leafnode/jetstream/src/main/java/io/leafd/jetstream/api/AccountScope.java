package io.leafd.jetstream.api;

import io.leafd.store.Store;
import java.time.InstantSource;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What the streams and consumers of one account work with. Immutable; the parts say which thread they belong to.
 *
 * @param account name of the account
 * @param domain the JetStream domain, or null
 * @param serverName shown as the leader of every stream
 * @param serverVersion the NATS version that the server stands for, {@code 2.15.2}
 * @param store where everything is kept, and the loop that everything runs on
 * @param clock wall clock
 * @param random source of generated names
 * @param port the way out into the account and in from it
 * @param advisories announces events in the account
 * @param endpoints requests that come and go with streams and consumers
 * @param limits what the account may use
 */
public record AccountScope(
        String account,
        @Nullable String domain,
        String serverName,
        String serverVersion,
        Store store,
        InstantSource clock,
        RandomGenerator random,
        AccountPort port,
        Advisories advisories,
        Endpoints endpoints,
        AccountLimits limits) {
    /** Level of the JetStream API that is served, as nats-server 2.15 counts. */
    public static final int API_LEVEL = 5;
}
