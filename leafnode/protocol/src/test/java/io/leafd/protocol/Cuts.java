package io.leafd.protocol;

import java.util.Arrays;
import java.util.Random;
import java.util.function.Supplier;

/**
 * Feeds a parser as a socket does: in pieces, with what it left over in front of the next. Every piece stands in an array of exactly
 * its length, so that a parser which looks outside of its range fails.
 */
final class Cuts {
    /** A parser's {@code parse(buf, from, to)}: where the first byte lies that was not used. */
    @FunctionalInterface
    interface Parse {
        int parse(byte[] buf, int from, int to);
    }

    /** What is left when all bytes were offered, and the most that had to be kept on the way. */
    record Rest(int bytes, int keptMaxBytes) {}

    private Cuts() {}

    /** Feeds {@code data} in pieces whose lengths follow from the data themselves; stops where {@code done} says so. */
    static Rest feed(byte[] data, int pieceMaxBytes, Supplier<Boolean> done, Parse parser) {
        var random = new Random(Arrays.hashCode(data));
        byte[] rest = new byte[0];
        int keptMax = 0;
        int at = 0;
        while (at < data.length && !done.get()) {
            int piece = Math.min(data.length - at, 1 + random.nextInt(pieceMaxBytes));
            byte[] buf = Arrays.copyOf(rest, rest.length + piece);
            System.arraycopy(data, at, buf, rest.length, piece);
            at += piece;
            int used = parser.parse(buf, 0, buf.length);
            if (used < 0 || used > buf.length) {
                throw new AssertionError("used " + used + " of " + buf.length);
            }
            rest = Arrays.copyOfRange(buf, used, buf.length);
            keptMax = done.get() ? keptMax : Math.max(keptMax, rest.length);
        }
        return new Rest(rest.length, keptMax);
    }
}
