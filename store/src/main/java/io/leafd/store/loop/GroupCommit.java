package io.leafd.store.loop;

/** What the loop drives: staged writes that become durable together. Owned by the store loop. */
public interface GroupCommit {
    /** Whether anything is staged or written but not yet synced as the policy asks. */
    boolean pending();

    /** Whether the group reached its bounds and should be committed before more work is run. */
    boolean full();

    /**
     * Writes what is staged and makes it durable.
     *
     * @throws StoreException if it is not durable; the caller tells everybody who waited
     */
    void commit();
}
