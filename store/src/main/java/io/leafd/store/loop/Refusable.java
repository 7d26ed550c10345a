package io.leafd.store.loop;

/**
 * Work whose asker can be refused while it waits in the inbox, so that he need not wait for a disk that is about to be full. Offered
 * once only: by its identity it is known whether it still waits.
 */
public interface Refusable extends Work {
    /** Any thread. Whether somebody hears of it; otherwise it is better done late than lost. */
    boolean refusable();

    /** Any thread but the loop's. Tells the asker, instead of {@link #run}: exactly one of the two is called. */
    void refuse();
}
