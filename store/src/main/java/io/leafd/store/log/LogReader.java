package io.leafd.store.log;

import org.jspecify.annotations.Nullable;

/**
 * Reads the matches of a log forward from a position, in chunks of 64 to 256 KiB read by one iterator. Owned by the store
 * loop.
 *
 * <p>Holds no native resource and at most one chunk; what is deleted between reading the chunk and {@link #next} is not
 * shown. At the end {@link #next} answers null, and goes on after further appends.
 */
@SuppressWarnings("DoNotCallSuggester") // signatures only
public final class LogReader {
    private LogReader() {}

    /** The next match, or null if there is none now. */
    public @Nullable LogEntry next() {
        throw new UnsupportedOperationException("signature only, code follows");
    }

    /** Lowest sequence that the next answer can have. */
    public long position() {
        throw new UnsupportedOperationException("signature only, code follows");
    }

    /** Goes on at another sequence, forwards or backwards. */
    public void seek(long seq) {
        throw new UnsupportedOperationException("signature only, code follows");
    }
}
