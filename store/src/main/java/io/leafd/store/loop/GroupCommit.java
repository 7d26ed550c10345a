package io.leafd.store.loop;

/** What the loop drives: staged writes that become durable together. Owned by the store loop. */
public interface GroupCommit {
    /** Whether anything is staged, or written and to be synced before the loop may rest. */
    boolean pending();

    /** Whether the group reached its bounds and should be committed before more work is run. */
    boolean full();

    /**
     * Writes what is staged, and makes it durable unless all of it may be lost without harm.
     *
     * @param durable whether somebody waits for everything written so far to be durable, whatever it is
     * @throws StoreException if it is not durable; the caller tells everybody who waited
     */
    void commit(boolean durable);
}
