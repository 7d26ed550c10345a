package io.leafd.link;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
        boolean isolated) {
    private static final Pattern RELEASE = Pattern.compile("v?(\\d{1,6})\\.(\\d{1,6})\\..*");

    /** Whether it is of this release or a later one; false if its version is not of the form {@code 2.15.1}. */
    boolean isAtLeast(int major, int minor) {
        Matcher release = RELEASE.matcher(version);
        if (!release.matches()) {
            return false;
        }
        int itsMajor = Integer.parseInt(release.group(1));
        return itsMajor > major || (itsMajor == major && Integer.parseInt(release.group(2)) >= minor);
    }
}
