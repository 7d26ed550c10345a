package io.leafd.jetstream.consumer.config;

import io.leafd.jetstream.stream.Retention;
import java.util.List;

/**
 * What a stream and its account demand of the stream's consumers. Immutable.
 *
 * @param retention when the stream lets messages go
 * @param subjects what it captures
 * @param maxAckPending bound and default of {@code max_ack_pending}, 0 for none
 * @param accountMaxAckPending the account's bound, 0 or less for none
 * @param inactiveThresholdNs bound and default of {@code inactive_threshold}, 0 for none
 */
public record StreamTerms(
        Retention retention,
        List<String> subjects,
        long maxAckPending,
        long accountMaxAckPending,
        long inactiveThresholdNs) {}
