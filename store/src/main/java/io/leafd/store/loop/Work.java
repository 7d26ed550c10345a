package io.leafd.store.loop;

/**
 * One thing to do on the store loop: a publish, an acknowledgement, an API request, a timer. Run once, by the store loop.
 *
 * <p>What it writes is staged and becomes durable with the group it ran in; whatever must not leave before that belongs into
 * {@link StoreLoop#afterCommit}. Must not block.
 */
@FunctionalInterface
public interface Work {
    /**
     * Does the work.
     *
     * @throws StoreException to be answered by {@link #failed}; what was staged before the throw stays staged
     */
    void run();

    /**
     * Called instead of an uncaught {@link StoreException} of {@link #run}, on the loop. The default drops it: right for work
     * that nobody waits for.
     */
    default void failed(StoreException cause) {}
}
