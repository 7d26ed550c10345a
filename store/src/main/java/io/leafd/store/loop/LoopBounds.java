package io.leafd.store.loop;

/**
 * Bounds of the store loop's queue and groups. Immutable.
 *
 * @param inboxItems work items that may wait; a power of two. Beyond it {@link StoreLoop#offer} answers false
 * @param inboxBytes payload bytes that waiting work may hold
 * @param groupItems work items in one commit. 1000: larger groups bring no throughput but cost latency
 */
public record LoopBounds(int inboxItems, long inboxBytes, int groupItems) {
    /** 16384 items, 8 MiB, groups of 1000: measured, p99 of a commit stays below 10 ms at 4096 waiting publishers. */
    public static final LoopBounds DEFAULT = new LoopBounds(16_384, 8L << 20, 1000);
}
