package io.leafd.jetstream.api;

/**
 * Requests of one account. Written by the store loop, read by any thread; a reader may see the two a request apart.
 */
public final class ApiCounters {
    private volatile long total;
    private volatile long errors;

    /** On the store loop: one more request was done. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    public void countRequest() {
        total++;
    }

    /** On the store loop: a request was answered with an error. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    public void countError() {
        errors++;
    }

    public long total() {
        return total;
    }

    public long errors() {
        return errors;
    }
}
