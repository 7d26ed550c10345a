package io.leafd.jetstream.consumer.ack;

import java.util.List;

/**
 * The part of a consumer's configuration that decides about acknowledgements. Immutable.
 *
 * @param kind who has to acknowledge what
 * @param waitNs how long an acknowledgement may take
 * @param backoffNs waits after the first, second… delivery instead of {@code waitNs}; the last one repeats; may be empty
 * @param deliveriesMax deliveries of one message, 0 for no bound
 * @param pendingMax pending messages at which new ones are held back, 0 or less for {@link #PENDING_MAX}, which no consumer passes
 */
public record AckRules(Kind kind, long waitNs, List<Long> backoffNs, int deliveriesMax, int pendingMax) {
    /** Pending messages of one consumer whose configuration sets none or a higher one: some 5 MiB of heap. */
    public static final int PENDING_MAX = 65_536;

    /** How acknowledgements count. */
    public enum Kind {
        /** Nobody acknowledges; what was delivered is done. */
        NONE,
        /** One acknowledgement stands for all messages before it. */
        CUMULATIVE,
        /** Each message for itself. */
        EXPLICIT
    }

    public AckRules {
        backoffNs = List.copyOf(backoffNs);
    }

    /** The wait behind the n-th delivery, from 1. */
    long waitNs(int deliveries) {
        return backoffNs.isEmpty() ? waitNs : backoffNs.get(Math.clamp(deliveries - 1L, 0, backoffNs.size() - 1));
    }

    /** Whether waits end at all: not with flow control as acknowledgement. */
    boolean waits() {
        return kind != Kind.NONE && (waitNs > 0 || !backoffNs.isEmpty());
    }

    /** Whether a message that was delivered this often may not be delivered again. */
    boolean exhausted(int deliveries) {
        return deliveriesMax > 0 && deliveries >= deliveriesMax;
    }

    boolean full(int pending) {
        return pending >= (pendingMax > 0 ? Math.min(pendingMax, PENDING_MAX) : PENDING_MAX);
    }
}
