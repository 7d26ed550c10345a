package io.leafd.broker.net;

import org.jspecify.annotations.Nullable;

/**
 * A client as monitoring shows it. Immutable.
 *
 * @param account name of its account, null before the login
 * @param user name of its user, null before the login
 * @param rttNs last measured round trip, 0 if none
 * @param pendingBytes bytes that wait for it
 */
public record ClientSnapshot(
        long id,
        String host,
        int port,
        long startedAtMs,
        long lastActivityMs,
        long rttNs,
        long pendingBytes,
        long inMessages,
        long outMessages,
        long inBytes,
        long outBytes,
        int subscriptions,
        String name,
        String lang,
        String version,
        @Nullable String account,
        @Nullable String user) {
    static ClientSnapshot of(
            ClientConnection client, @Nullable Session session, ClientStats stats, long rttNs, int subscriptions) {
        ConnectOptions options = session == null ? ConnectOptions.NONE : session.options();
        return new ClientSnapshot(
                client.id(),
                client.remoteHost(),
                client.remotePort(),
                stats.startedAtMs(),
                stats.lastActivityMs(),
                rttNs,
                client.outbox().pendingBytes(),
                stats.inMessages(),
                stats.outMessages(),
                stats.inBytes(),
                stats.outBytes(),
                subscriptions,
                options.name(),
                options.lang(),
                options.version(),
                session == null ? null : session.account().name(),
                session == null ? null : session.user().name());
    }
}
