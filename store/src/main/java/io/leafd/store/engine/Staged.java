package io.leafd.store.engine;

/**
 * State that changes many times per group but is written once: it asks the {@link WriteGroup} to be called back before the next
 * write. Owned by the store loop.
 */
public interface Staged {
    /** Puts the present state into the group. Called once per request, right before a write. */
    void stage(WriteGroup group);

    /** The write that holds it was made. */
    default void written() {}
}
