package io.leafd.security.permission;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A user's permissions as they apply to a leaf connection, seen from the leaf: publish is what it may send to the hub,
 * subscribe what it may receive. Used by the hub that judges a leaf's frames, and by a leaf that must not send what its hub
 * would close the connection for. Immutable; any thread.
 *
 * <p>Differences from a client, as observed on nats-server 2.15:
 *
 * <ul>
 *   <li>A wildcard subscription also passes if an allow entry lies within it: {@code LS+ >} is accepted from a leaf that may
 *       receive {@code from.hub.>}. So every message is judged by {@link #mayDeliver}, always.
 *   <li>Loop detection and gateway subjects ({@code $LDS.}, {@code _GR_.}, {@code $GR.}) may always be subscribed to.
 *   <li>Answers to services ({@code _R_.}) and acknowledgements ({@code $JS.ACK.}) may always be published.
 * </ul>
 *
 * @param permissions the user's permissions, or a hub's {@code export} (as publish) and {@code import} (as subscribe)
 */
public record LeafPermissions(Permissions permissions) {
    private static final byte[][] PUBLISH_EXEMPT = {ascii("_R_."), ascii("$JS.ACK.")};
    private static final String[] SUBSCRIBE_EXEMPT = {"$LDS.", "_GR_.", "$GR."};

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Whether the leaf may send a message with the subject, apart from {@link ReplyGrants}. Does not keep the buffer. */
    public boolean mayPublish(byte[] buffer, int from, int to) {
        for (byte[] prefix : PUBLISH_EXEMPT) {
            if (to - from > prefix.length && matchesAt(prefix, buffer, from)) {
                return true;
            }
        }
        return permissions.mayPublish(buffer, from, to);
    }

    /** As {@link #mayPublish(byte[], int, int)}, for callers that hold text. */
    public boolean mayPublish(String subject) {
        byte[] bytes = subject.getBytes(StandardCharsets.UTF_8);
        return mayPublish(bytes, 0, bytes.length);
    }

    private static boolean matchesAt(byte[] prefix, byte[] buffer, int from) {
        for (int i = 0; i < prefix.length; i++) {
            if (buffer[from + i] != prefix[i]) {
                return false;
            }
        }
        return true;
    }

    /**
     * Whether the leaf may ask for the subject with {@code LS+}.
     *
     * @param queue the queue group, or null
     */
    public boolean maySubscribe(String pattern, @Nullable String queue) {
        for (String prefix : SUBSCRIBE_EXEMPT) {
            if (pattern.startsWith(prefix)) {
                return true;
            }
        }
        return permissions.mayLeafSubscribe(pattern, queue);
    }

    /** Whether the leaf may be sent a message with the subject. Does not keep the buffer. */
    public boolean mayDeliver(byte[] buffer, int from, int to) {
        return permissions.mayDeliver(buffer, from, to, null);
    }

    /** As {@link #mayDeliver(byte[], int, int)}, for callers that hold text. */
    public boolean mayDeliver(String subject) {
        return permissions.mayDeliver(subject, null);
    }
}
