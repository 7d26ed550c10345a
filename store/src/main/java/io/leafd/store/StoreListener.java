package io.leafd.store;

import io.leafd.store.log.DamagedRange;
import io.leafd.store.log.StreamLog;
import io.leafd.store.loop.StoreException;

/** Hears of what happens to the store as a whole. Called on the store loop; must not block. All methods default to nothing. */
public interface StoreListener {
    /** A write, sync or read failed: from now on everything is refused, until {@link #onReopened}. */
    default void onFailed(StoreException.Unavailable cause) {}

    /**
     * The store works again. All streams, consumers and cursors show what is on disk, which may be less than was staged: who
     * derived state from them must derive it anew, and list streams and consumers again.
     *
     * @param generation counts openings; changes only here
     */
    default void onReopened(long generation) {}

    /** Messages that cannot be read were met for the first time since the opening. */
    default void onDamage(StreamLog stream, DamagedRange range) {}

    /** Taking in was stopped because a budget is reached, or goes on. */
    default void onFull(boolean full) {}
}
