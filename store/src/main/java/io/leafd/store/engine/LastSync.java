package io.leafd.store.engine;

/**
 * What is known from elsewhere of the last sync before an opening. Immutable.
 *
 * @param sequence records ever written that were synced at least, -1 if that is not known
 * @param listShortened whether the list of tables has lost its end since
 */
public record LastSync(long sequence, boolean listShortened) {
    /** Nothing is known. */
    public static final LastSync UNKNOWN = new LastSync(-1, false);
}
