package io.leafd.broker.net;

import org.jspecify.annotations.Nullable;

/**
 * Arrays for the rests of unfinished messages, used again and again. Owned by one event loop.
 *
 * <p>A connection keeps an array only while a message is unfinished, so a publisher of large messages takes and drops one with nearly
 * each read. Made anew each time, these were a third of all that leafd allocated under load.
 *
 * <p>Bound: one array of each power of two up to {@value #LARGEST_BYTES} bytes. Larger ones are made to measure and forgotten.
 */
final class SpareArrays {
    private static final int SMALLEST_BITS = 8;
    private static final int LARGEST_BITS = 17;
    private static final int LARGEST_BYTES = 1 << LARGEST_BITS;

    private final byte[] @Nullable [] spares = new byte[LARGEST_BITS - SMALLEST_BITS + 1][];

    /** An array of at least so many bytes, with anything in it. */
    byte[] take(int bytes) {
        if (bytes > LARGEST_BYTES) {
            return new byte[bytes];
        }
        int bits = Math.max(SMALLEST_BITS, Integer.SIZE - Integer.numberOfLeadingZeros(bytes - 1));
        byte[] spare = spares[bits - SMALLEST_BITS];
        spares[bits - SMALLEST_BITS] = null;
        return spare == null ? new byte[1 << bits] : spare;
    }

    /** Takes back what {@link #take} gave; nobody else may use it any more. */
    void giveBack(byte[] array) {
        if (array.length >= 1 << SMALLEST_BITS && array.length <= LARGEST_BYTES) {
            spares[Integer.numberOfTrailingZeros(array.length) - SMALLEST_BITS] = array;
        }
    }
}
