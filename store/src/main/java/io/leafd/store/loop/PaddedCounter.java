package io.leafd.store.loop;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * A number in the middle of memory that nothing else uses, so that a thread which changes it does not take from another thread's
 * processor what happens to lie beside it. Small ones made one after the other share a line of the cache: with the counters of the
 * inbox in one line, an event loop under load spent half of its time waiting for it.
 */
public final class PaddedCounter {
    /** Two lines of 64 bytes before it, which processors fetch together, and two behind. */
    private static final int LONGS = 32;

    private static final int AT = LONGS / 2;

    private final AtomicLongArray line = new AtomicLongArray(LONGS);

    /** The number, as the last {@link #set} or {@link #add} that any thread is known to have done left it. */
    public long get() {
        return line.get(AT);
    }

    /** Sets it, for its only writer: whoever reads it sees what was written before. Not at once, so it costs that one nothing. */
    public void set(long value) {
        line.setRelease(AT, value);
    }

    /** Adds to it. Any thread. */
    public long add(long more) {
        return line.addAndGet(AT, more);
    }

    /** Sets it if it is what the caller expects. Any thread. */
    public boolean compareAndSet(long expected, long value) {
        return line.compareAndSet(AT, expected, value);
    }
}
