package io.leafd.store.loop;

/** What waits for a group to be on disk, for instance a PubAck. Exactly one of the two is called, once, by the store loop. */
@FunctionalInterface
public interface Completion {
    /**
     * Everything staged until the registration is written; and durable with {@code sync = "always"}, but for what was staged softly
     * if the registration was by {@link StoreLoop#afterWrite}.
     */
    void committed();

    /** The group was not written: nothing may be acknowledged. The default is silence: the peer will ask again. */
    default void failed(StoreException cause) {}
}
