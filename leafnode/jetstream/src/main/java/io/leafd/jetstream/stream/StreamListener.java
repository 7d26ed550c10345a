package io.leafd.jetstream.stream;

/** Follows a stream from outside JetStream, for instance to forward it. Called on the store loop after the commit. */
public interface StreamListener {
    /** There are committed messages up to this sequence. */
    void onCommitted(long lastSeq);

    /** The stream was deleted. */
    default void onDeleted() {}
}
