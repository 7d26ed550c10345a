package io.leafd.jetstream.consumer.ack;

/**
 * A position of a consumer. Immutable.
 *
 * @param consumer number of deliveries up to it
 * @param stream sequence in the stream
 */
public record SeqPair(long consumer, long stream) {
    /** Before everything. */
    public static final SeqPair ZERO = new SeqPair(0, 0);
}
