package io.leafd.store;

/**
 * The byte budget of the store's directory and the file system's reserve. Owned by the store loop; {@link #usage} any thread.
 *
 * <p>Only taking in new messages asks it. Deletes, acknowledgements, cursors and compaction use the reserve above the limit.
 */
@SuppressWarnings("DoNotCallSuggester") // signatures only
public final class DiskBudget {
    private DiskBudget() {}

    /** Whether a message of this many bytes may be appended now. Cheap enough for each message. */
    public boolean mayAppend(long bytes) {
        throw new UnsupportedOperationException("signature only, code follows");
    }

    /**
     * {@link #mayAppend} or an exception with the numbers in its message.
     *
     * @throws io.leafd.store.loop.StoreException.Full if not
     */
    public void checkAppend(long bytes) {
        throw new UnsupportedOperationException("signature only, code follows");
    }

    /** The numbers of the last look. Any thread. */
    public Usage usage() {
        throw new UnsupportedOperationException("signature only, code follows");
    }

    /**
     * What the budget last saw.
     *
     * @param usedBytes files of the directory, including the WAL, plus compaction debt
     * @param maxBytes the budget
     * @param reserveBytes part of the budget that messages may not use
     * @param freeBytes free on the file system
     * @param minFreeBytes what must stay free there
     * @param full whether appends are refused
     */
    public record Usage(
            long usedBytes, long maxBytes, long reserveBytes, long freeBytes, long minFreeBytes, boolean full) {}
}
