package io.leafd.store;

/**
 * Numbers of the store for monitoring, as of the last second. Immutable, any thread.
 *
 * @param generation counts openings
 * @param available whether it takes writes
 * @param streams streams there are
 * @param writes batches written since the start
 * @param writtenBytes bytes of keys and values in them
 * @param syncs groups synced
 * @param syncNs time spent syncing, together
 * @param syncMaxNs the longest sync since the start
 * @param queuedItems work waiting in the inbox
 * @param queuedBytes payload bytes waiting there
 * @param usage the disk
 */
public record StoreMetrics(
        long generation,
        boolean available,
        long streams,
        long writes,
        long writtenBytes,
        long syncs,
        long syncNs,
        long syncMaxNs,
        int queuedItems,
        long queuedBytes,
        DiskBudget.Usage usage) {}
