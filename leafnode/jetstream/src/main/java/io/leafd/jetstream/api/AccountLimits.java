package io.leafd.jetstream.api;

/**
 * What the JetStream of one account may use; -1 for no limit. Immutable.
 *
 * @param memoryBytes sum of streams with memory storage
 * @param storageBytes sum of streams with file storage
 * @param streams number of streams
 * @param consumers number of consumers of one stream
 * @param ackPending unacknowledged messages of one consumer
 * @param memoryStreamBytes {@code max_bytes} of one stream with memory storage
 * @param storageStreamBytes the same for file storage
 * @param maxBytesRequired whether every stream must set {@code max_bytes}
 */
public record AccountLimits(
        long memoryBytes,
        long storageBytes,
        int streams,
        int consumers,
        int ackPending,
        long memoryStreamBytes,
        long storageStreamBytes,
        boolean maxBytesRequired) {
    /** No limits at all. */
    public static final AccountLimits NONE = new AccountLimits(-1, -1, -1, -1, -1, -1, -1, false);

    /** Consumers of a stream that nobody limited otherwise: the default of nats-server 2.15. */
    public static final int CONSUMERS_DEFAULT = 1000;
}
