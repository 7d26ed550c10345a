package io.leafd.store.log;

/**
 * Numbers of a log at one moment, staged changes included. Immutable, any thread.
 *
 * <p>An emptied log has {@code firstSeq = lastSeq + 1}; one that never held anything has 1 and 0 (nats-server shows 0 and 0).
 *
 * @param messages live messages
 * @param bytes sum of {@link StoredMessage#sizeBytes()} of the live messages
 * @param firstSeq sequence of the oldest live message
 * @param lastSeq highest sequence ever given, deleted ones included
 * @param lastTimestampNs timestamp of the last appended message, also after it was removed; 0 if there was none
 * @param subjects distinct subjects of live messages
 */
public record StreamState(long messages, long bytes, long firstSeq, long lastSeq, long lastTimestampNs, long subjects) {
    /** Nothing stored yet. */
    public static final StreamState EMPTY = new StreamState(0, 0, 1, 0, 0, 0);

    /** Deleted sequences between first and last: the interior gaps. */
    public long deleted() {
        return lastSeq - firstSeq + 1 - messages;
    }
}
