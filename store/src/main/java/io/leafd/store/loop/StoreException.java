package io.leafd.store.loop;

import org.jspecify.annotations.Nullable;

/**
 * What the store throws when the world is wrong: disk, budget, damaged or foreign data. Immutable, any thread.
 *
 * <p>The message says what happened, where, and what the owner of the box can do. A closed set: callers that must tell the
 * cases apart use {@code switch} or {@code instanceof}.
 */
public abstract sealed class StoreException extends RuntimeException {
    StoreException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** Nothing more may be taken in: the byte budget or the file system's reserve is reached. Ends by itself when there is room. */
    public static final class Full extends StoreException {
        public Full(String message) {
            super(message, null);
        }
    }

    /** A write, sync or read failed, or the store waits to be reopened after that. Nothing of the group was acknowledged. */
    public static final class Unavailable extends StoreException {
        public Unavailable(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /** A record that is no message (state, configuration, index) is damaged. Messages report a damaged range instead. */
    public static final class Corrupt extends StoreException {
        public Corrupt(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /** The stream, consumer or store that the handle belongs to was deleted or closed. */
    public static final class Gone extends StoreException {
        public Gone(String message) {
            super(message, null);
        }
    }

    /** The directory cannot be used as it is: newer format, not ours, held by another process, no permission. */
    public static final class Unusable extends StoreException {
        public Unusable(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }
}
