package io.leafd.jetstream.consumer.pull;

import io.leafd.jetstream.consumer.config.ConsumerConfig;
import io.leafd.jetstream.consumer.config.PriorityPolicy;
import io.leafd.jetstream.json.GoDuration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a consumer permits its pull requests. Immutable.
 *
 * @param maxWaiting open requests
 * @param maxBatch messages of one request, 0 for no bound
 * @param maxExpiresNs life of one request, 0 for no bound
 * @param maxBytes bytes of one request, 0 for no bound
 * @param policy how requests compete
 * @param groups names of the priority groups
 * @param pinNs how long a pinned client may be silent
 */
public record PullTerms(
        int maxWaiting,
        long maxBatch,
        long maxExpiresNs,
        long maxBytes,
        PriorityPolicy policy,
        List<String> groups,
        long pinNs) {
    private static final int LOWEST_PRIORITY = 9;

    /** The terms that a configuration sets. */
    public static PullTerms of(ConsumerConfig config) {
        return new PullTerms(
                Math.clamp(config.get(ConsumerConfig.MAX_WAITING), 0, Integer.MAX_VALUE),
                config.get(ConsumerConfig.MAX_BATCH),
                config.get(ConsumerConfig.MAX_EXPIRES),
                config.get(ConsumerConfig.MAX_BYTES),
                config.get(ConsumerConfig.PRIORITY_POLICY),
                config.get(ConsumerConfig.PRIORITY_GROUPS),
                config.get(ConsumerConfig.PRIORITY_TIMEOUT));
    }

    /** Why a request is refused, as the text of its status; null if it is not. */
    @Nullable
    PullStatus refusal(PullBody body) {
        if (maxBatch > 0 && body.batch() > maxBatch) {
            return PullStatus.exceeded("MaxRequestBatch", maxBatch);
        }
        if (maxExpiresNs > 0 && body.expiresNs() > maxExpiresNs) {
            return PullStatus.exceeded("MaxRequestExpires", GoDuration.text(maxExpiresNs));
        }
        if (maxBytes > 0 && body.maxBytes() > maxBytes) {
            return PullStatus.exceeded("MaxRequestMaxBytes", maxBytes);
        }
        return body.formal() ? groupRefusal(body.group()) : null;
    }

    private @Nullable PullStatus groupRefusal(PullBody.GroupTerms group) {
        if ((group.minPending() != 0 || group.minAckPending() != 0) && policy != PriorityPolicy.OVERFLOW) {
            return PullStatus.badRequest("Not a Overflow Priority consumer");
        }
        if (!group.id().isEmpty() && policy != PriorityPolicy.PINNED_CLIENT) {
            return PullStatus.badRequest("Not a Pinned Client Priority consumer");
        }
        if (group.priority() < 0 || group.priority() > LOWEST_PRIORITY) {
            return PullStatus.badRequest("Priority must be between 0 and 9");
        }
        if (policy == PriorityPolicy.NONE) {
            return null;
        }
        if (group.name().isEmpty()) {
            return PullStatus.badRequest("Priority Group missing");
        }
        return groups.contains(group.name()) ? null : PullStatus.badRequest("Invalid Priority Group");
    }
}
