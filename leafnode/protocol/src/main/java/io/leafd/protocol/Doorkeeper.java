package io.leafd.protocol;

/**
 * Tells a cache who has come before, so that it keeps nobody who comes only once. Owned by whoever owns the cache.
 *
 * <p>The doorkeeper of TinyLFU (Einziger, Friedman, Manes 2017) with a byte for each place instead of a bit: nothing has to be cleared, as
 * newcomers push out what was noted of others. Each hash has two places and rarely loses both. It is wrong about two strangers in a hundred,
 * whom it takes for somebody it knows.
 */
public final class Doorkeeper {
    /** The golden ratio's bits, for hashes that differ little. */
    private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;

    private final byte[] marks;
    private final int bits;

    /** @param bits for 2<sup>bits</sup> places of a byte; remembers a quarter as many well; at most 16 */
    public Doorkeeper(int bits) {
        if (bits < 1 || bits > 16) {
            throw new IllegalArgumentException("bits must be from 1 to 16: " + bits);
        }
        this.bits = bits;
        this.marks = new byte[1 << bits];
    }

    /** Whether nobody with this hash has come lately. From now on somebody has. */
    public boolean isNew(int hash) {
        long mixed = hash * MULTIPLIER;
        mixed = (mixed ^ mixed >>> 32) * MULTIPLIER;
        int one = (int) (mixed >>> 64 - bits);
        int other = (int) (mixed >>> 48 - bits) & (marks.length - 1);
        byte mark = (byte) (mixed >>> 24 | 1);
        boolean isNew = marks[one] != mark && marks[other] != mark;
        marks[one] = mark;
        marks[other] = mark;
        return isNew;
    }
}
