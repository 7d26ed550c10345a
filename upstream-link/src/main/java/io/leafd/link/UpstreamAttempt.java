package io.leafd.link;

import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * One attempt to connect an upstream, and the connection that comes of it. Immutable but for the secret, which is closed
 * when it has been used.
 *
 * @param times how long each answer may take
 * @param bytesPerSecond the rate by the newest configuration, 0 for no bound
 * @param rules what may cross by the newest configuration; asked on the session's event loop
 * @param refused what the upstream has closed earlier connections for
 */
record UpstreamAttempt(
        UpstreamPlan plan,
        LinkUrl url,
        DialTimes times,
        LinkLogin.Secret secret,
        LongSupplier bytesPerSecond,
        Supplier<LinkRules> rules,
        LinkPermissions.Refused refused,
        Events events) {

    /** What the attempt tells its owner. Called on the session's event loop. */
    interface Events {
        /** The upstream has accepted us and was told of our interest. */
        void accepted(UpstreamSession session);

        /** The upstream has changed what its user may do. */
        void permissionsChanged();

        /** The upstream will close the connection because of a subject that its user may not publish, or subscribe to. */
        void violated(boolean publish, String subject);

        /** The upstream has told where else it can be reached, as host:port. */
        void discovered(List<String> addresses);

        /** The connection has ended, or never came about. Called once. */
        void ended(LinkFailure why);
    }
}
