package io.leafd.broker;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Bytes that one internal client has on its way out, counted against a bound of its own and one that it shares with all others.
 * Any thread.
 *
 * <p>The bound of its own keeps a consumer with a slow receiver from filling the memory. The shared one does the same for hundreds
 * of them; where it is reached, each may still have {@value #SHARE_BYTES} bytes, so that those with quick receivers go on.
 */
final class Backlog {
    /** Most bytes of one client. */
    static final long OWN_MAX_BYTES = 512 * 1024;
    /** Bytes of all clients together above which each has only its share. */
    static final long SHARED_MAX_BYTES = 4 * 1024 * 1024;
    /** What each client may have in any case. */
    static final long SHARE_BYTES = 16 * 1024;

    private final AtomicLong own = new AtomicLong();
    private final AtomicLong shared;

    /** A backlog that counts in {@code shared} as well. */
    Backlog(AtomicLong shared) {
        this.shared = shared;
    }

    /** Counts bytes in, or out if negative. */
    void add(long bytes) {
        own.addAndGet(bytes);
        shared.addAndGet(bytes);
    }

    /** Whether more may be added. */
    boolean hasRoom() {
        return hasRoom(1);
    }

    /** Whether so much has gone that whoever waits for room should go on. */
    boolean hasRoomToSpare() {
        return hasRoom(2);
    }

    private boolean hasRoom(int parts) {
        long bytes = own.get();
        long bound = shared.get() < SHARED_MAX_BYTES / parts ? OWN_MAX_BYTES : SHARE_BYTES;
        return bytes < bound / parts;
    }
}
