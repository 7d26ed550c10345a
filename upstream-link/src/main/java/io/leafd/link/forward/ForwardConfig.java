package io.leafd.link.forward;

import io.leafd.protocol.SubjectFilter;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One {@code [[upstream.X.forward]]}. Immutable.
 *
 * @param name unique within its upstream
 * @param from what is forwarded
 * @param into the upstream stream that acknowledges, or null: plain subjects, taken as arrived when the upstream has read
 *     them
 * @param domain JetStream domain of {@code into}; null for the upstream's own
 * @param priority 0 lowest … 9
 */
public record ForwardConfig(
        String name,
        From from,
        @Nullable String into,
        @Nullable String domain,
        int priority) {

    /** Where the messages come from. */
    public sealed interface From {}

    /**
     * Core subjects, kept in a stream of the forward's own until the upstream has them.
     *
     * @param latest whether only the newest message of each subject is kept and sent
     * @param maxBytes bound of what waits, -1 for none but the store's
     * @param maxAge what is older is dropped; zero: never
     * @param reject when full: refuse new messages instead of dropping the oldest
     */
    public record Captured(List<SubjectFilter> subjects, boolean latest, long maxBytes, Duration maxAge, boolean reject)
            implements From {}

    /** A local stream, which keeps its messages by its own limits. */
    public record Stream(String name) implements From {}
}
