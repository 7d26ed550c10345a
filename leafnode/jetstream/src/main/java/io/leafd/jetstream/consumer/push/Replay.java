package io.leafd.jetstream.consumer.push;

/**
 * Delivers stored messages with the pauses between them in which they came. Owned by the store loop; pure.
 *
 * <p>Only up to the message that was the last when the replay began; what comes later is delivered at once.
 */
public final class Replay {
    private final long lastSeq;
    private boolean begun;
    private long timestampNs;
    private long sentAtNs;

    /** A replay up to this sequence. */
    public Replay(long lastSeq) {
        this.lastSeq = lastSeq;
    }

    /** Nanoseconds until a message may go out, 0 for now. */
    public long delayNs(long seq, long messageTimestampNs, long nowNs) {
        if (!begun || seq > lastSeq) {
            return 0;
        }
        long pauseNs = messageTimestampNs - timestampNs;
        return Math.max(0, pauseNs - (nowNs - sentAtNs));
    }

    /** A message went out. */
    public void sent(long messageTimestampNs, long nowNs) {
        begun = true;
        timestampNs = messageTimestampNs;
        sentAtNs = nowNs;
    }
}
