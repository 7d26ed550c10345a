package io.leafd.store.log;

/** Hears of the numbers of logs. Called on the store loop; must be cheap. */
@FunctionalInterface
public interface WrittenNumbers {
    /** Numbers of a stream were written, not necessarily synced. */
    void written(long streamId, StreamState numbers);
}
