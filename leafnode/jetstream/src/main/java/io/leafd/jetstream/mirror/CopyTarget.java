package io.leafd.jetstream.mirror;

/** Where copied messages go, and where to go on after a break. Called on the store loop. */
interface CopyTarget {
    /** Where the next consumer at the origin begins. */
    OriginRequest.Start start();

    /** The origin's identity as last told, empty if it was not. */
    String identity();

    /**
     * The origin made a consumer.
     *
     * @param identity of the origin, empty if it does not say
     * @param skippedTo sequences up to here are not delivered
     */
    void onConsumer(String identity, long skippedTo);

    /** The origin was deleted and made anew: its sequences begin again. */
    void onNewIdentity(String identity);

    /**
     * Stores a message.
     *
     * @return why it can't be stored now, or null
     */
    @org.jspecify.annotations.Nullable
    String store(OriginFrame.Data data);
}
