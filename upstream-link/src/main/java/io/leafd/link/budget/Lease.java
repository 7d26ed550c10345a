package io.leafd.link.budget;

import java.nio.ByteBuffer;

/**
 * What is durable of a budget. Immutable.
 *
 * <p>Bytes: version 1 as one byte; start of the period and the time, ms since 1970, and the bytes, 8 bytes big endian each, in the
 * order below. The checksum is the store's.
 *
 * @param periodStartMs the period that is running
 * @param atMs when it was taken, by the time that the budget goes by
 * @param bytes all that was sent in this period is within them; what of them was not sent when the process dies is lost for
 *     the period
 */
record Lease(long periodStartMs, long atMs, long bytes) {
    private static final byte VERSION = 1;
    private static final int LENGTH = 1 + 3 * Long.BYTES;

    byte[] toBytes() {
        return ByteBuffer.allocate(LENGTH)
                .put(VERSION)
                .putLong(periodStartMs)
                .putLong(atMs)
                .putLong(bytes)
                .array();
    }

    /**
     * Reads {@link #toBytes}.
     *
     * @throws IllegalArgumentException if these are other bytes
     */
    static Lease of(byte[] kept) {
        if (kept.length != LENGTH || kept[0] != VERSION) {
            throw new IllegalArgumentException("lease of a budget: not known, " + kept.length + " bytes");
        }
        ByteBuffer bytes = ByteBuffer.wrap(kept, 1, LENGTH - 1);
        return new Lease(bytes.getLong(), bytes.getLong(), bytes.getLong());
    }
}
