package io.leafd.link.forward;

/**
 * How far a forward may send by what is on disk (invariant 2 of {@link Forward}). Owned by the store loop.
 *
 * <p>A reservation costs one synced write, shared with whatever else is written then, so it is made for some messages ahead
 * and renewed before it is used up. It is not made larger than needed: after a crash each subject in it is a question to the
 * upstream.
 */
final class Reservation {
    static final int AHEAD_MIN = 16;
    static final int AHEAD_MAX = 2 * Pace.COUNT_MAX;

    private long durableSeq;
    private long askedSeq;

    /** Covers what is on disk already. */
    Reservation(long reservedSeq) {
        durableSeq = reservedSeq;
        askedSeq = reservedSeq;
    }

    /** Whether this message may be sent. */
    boolean covers(long seq) {
        return seq <= durableSeq;
    }

    /**
     * Asks for more if what is left behind {@code seq} is short of what is under way now.
     *
     * @return the sequence to be written, 0 if none
     */
    long extend(long seq, int flyingCount) {
        int ahead = Math.clamp(2L * flyingCount, AHEAD_MIN, AHEAD_MAX);
        if (askedSeq > durableSeq || seq + ahead / 2 <= durableSeq) {
            return 0;
        }
        askedSeq = Math.max(askedSeq, seq + ahead);
        return askedSeq;
    }

    /** A reservation is on disk. */
    void committed(long seq) {
        durableSeq = Math.max(durableSeq, seq);
    }

    /** What is on disk or on its way there. */
    long askedSeq() {
        return askedSeq;
    }
}
