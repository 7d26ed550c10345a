package io.leafd.jetstream.stream;

import io.leafd.jetstream.json.JsonField;
import java.util.LinkedHashMap;
import java.util.List;

/**
 * Bounds and defaults that a stream sets for its consumers; 0 for none. Immutable.
 *
 * @param inactiveThresholdNs longest {@code inactive_threshold}
 * @param maxAckPending largest {@code max_ack_pending}
 */
public record ConsumerLimits(long inactiveThresholdNs, long maxAckPending) {
    /** No bounds. */
    public static final ConsumerLimits NONE = new ConsumerLimits(0, 0);

    static ConsumerLimits read(List<JsonField> fields) {
        long inactiveThresholdNs = 0;
        long maxAckPending = 0;
        for (JsonField field : fields) {
            switch (field.name()) {
                case "inactive_threshold" -> inactiveThresholdNs = field.durationNs();
                case "max_ack_pending" -> maxAckPending = field.number();
                default -> throw field.unknown();
            }
        }
        return new ConsumerLimits(inactiveThresholdNs, maxAckPending);
    }

    /** As {@link io.leafd.protocol.json.JsonWriter#tree} writes it. */
    Object tree() {
        var tree = new LinkedHashMap<String, Object>();
        if (inactiveThresholdNs != 0) {
            tree.put("inactive_threshold", inactiveThresholdNs);
        }
        if (maxAckPending != 0) {
            tree.put("max_ack_pending", maxAckPending);
        }
        return tree;
    }
}
