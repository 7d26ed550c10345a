package io.leafd.store.log;

/**
 * What to purge: of the messages that match, those below a sequence, except the newest ones. Immutable.
 *
 * @param filter which messages
 * @param belowSeq only messages with a smaller sequence; {@link Long#MAX_VALUE} for no bound
 * @param keep how many of the newest matching messages stay (counted over the whole filter, not per subject)
 */
public record Purge(LogFilter filter, long belowSeq, long keep) {
    /** Everything. */
    public static final Purge ALL = new Purge(LogFilter.ALL, Long.MAX_VALUE, 0);

    /** Every message that matches. */
    public static Purge matching(LogFilter filter) {
        return new Purge(filter, Long.MAX_VALUE, 0);
    }

    /** Every message below a sequence. */
    public static Purge below(long seq) {
        return new Purge(LogFilter.ALL, seq, 0);
    }
}
