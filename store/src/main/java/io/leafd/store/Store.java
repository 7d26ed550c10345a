package io.leafd.store;

import io.leafd.store.loop.StoreLoop;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * The store of one leafd: opens the directory, holds the loop, the streams, the consumers, the cursors and the budget.
 *
 * <p>Use: {@code open}, add listeners, {@link StreamRegistry#list} and build on it, then {@code start}. Until {@code start} the
 * opening thread owns the loop.
 */
@SuppressWarnings("DoNotCallSuggester") // signatures only
public final class Store implements AutoCloseable {
    private Store() {}

    /**
     * Opens or makes the store. Takes seconds at most whatever its size: work grows with the number of streams only.
     *
     * @throws io.leafd.store.loop.StoreException.Unusable if the directory is held by another process, was written by a newer
     *     format, is no store, or cannot be written; nothing was changed in it
     */
    public static Store open(StoreConfig config, InstantSource clock, LongSupplier nanoTime) {
        throw new UnsupportedOperationException("signature only, code follows");
    }

    /** Starts the loop's thread. */
    public void start() {
        throw new UnsupportedOperationException("signature only, code follows");
    }

    /** The loop that runs everything on this store. Any thread. */
    public StoreLoop loop() {
        throw new UnsupportedOperationException("signature only, code follows");
    }

    /** The streams. On the loop. */
    public StreamRegistry streams() {
        throw new UnsupportedOperationException("signature only, code follows");
    }

    /** The consumers. On the loop. */
    public ConsumerRegistry consumers() {
        throw new UnsupportedOperationException("signature only, code follows");
    }

    /** The cursors. On the loop. */
    public CursorStore cursors() {
        throw new UnsupportedOperationException("signature only, code follows");
    }

    /** The byte budget. */
    public DiskBudget budget() {
        throw new UnsupportedOperationException("signature only, code follows");
    }

    /** On the loop, or before {@link #start}. Adds a listener. */
    public void listen(StoreListener listener) {
        throw new UnsupportedOperationException("signature only, code follows");
    }

    /** Any thread. Whether it takes writes at all (it may be full nevertheless); false between a failure and the reopening. */
    public boolean available() {
        throw new UnsupportedOperationException("signature only, code follows");
    }

    /** Any thread. Counts openings, from 1. */
    public long generation() {
        throw new UnsupportedOperationException("signature only, code follows");
    }

    /** Runs what is queued, commits, ends the loop and closes the files. Idempotent. Not on the loop's thread. */
    @Override
    public void close() {
        throw new UnsupportedOperationException("signature only, code follows");
    }
}
