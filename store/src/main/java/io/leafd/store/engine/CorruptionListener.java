package io.leafd.store.engine;

/** Hears of damaged records that are not messages, before the exception is thrown. Called on the store loop. */
@FunctionalInterface
public interface CorruptionListener {
    /**
     * A record of a family could not be read. May only take notes.
     *
     * @param streamId the stream it belongs to; meaningless in the families of metadata and cursors
     */
    void corrupt(Family family, long streamId, String problem);
}
