package io.leafd.store.engine;

/** What writes and syncs cost since the start. Written by the store loop; others see copies made there. */
public final class CommitCounters {
    private long writes;
    private long writtenBytes;
    private long syncs;
    private long syncNs;
    private long syncMaxNs;

    void written(long bytes) {
        writes++;
        writtenBytes += bytes;
    }

    void synced(long tookNs) {
        syncs++;
        syncNs += tookNs;
        syncMaxNs = Math.max(syncMaxNs, tookNs);
    }

    /** Batches written. */
    public long writes() {
        return writes;
    }

    /** Bytes of keys and values in them. */
    public long writtenBytes() {
        return writtenBytes;
    }

    /** Syncs made, each ending one group. */
    public long syncs() {
        return syncs;
    }

    /** Time spent in them together. */
    public long syncNs() {
        return syncNs;
    }

    /** The longest one. */
    public long syncMaxNs() {
        return syncMaxNs;
    }
}
