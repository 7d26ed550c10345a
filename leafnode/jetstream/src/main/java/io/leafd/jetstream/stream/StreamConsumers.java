package io.leafd.jetstream.stream;

import io.leafd.protocol.Subject;
import io.leafd.protocol.json.JsonWriter;
import io.leafd.store.log.LogFilter;

/**
 * The consumers of one stream, as the stream sees them. Called on the store loop, inside the group that changes the stream: they
 * note what happened and deliver only after its commit.
 */
public interface StreamConsumers {
    /** Makes the consumers of a stream that was created or found on disk. */
    @FunctionalInterface
    interface Factory {
        /** Loads what is stored of the stream's consumers and begins to serve them. */
        StreamConsumers open(Stream stream);
    }

    /** Consumers that count: those hidden behind mirrors and sources do not. */
    int count();

    /** Writes the descriptions of the consumers that count, as a JSON array. */
    void writeInfos(JsonWriter json);

    /** A message was stored. */
    void onAppended(long seq, Subject subject, int sizeBytes);

    /** A message was removed. Not called for a purge of everything: see {@link #onPurged}. */
    void onRemoved(long seq, Subject subject, Removal cause);

    /**
     * A purge is complete. The stream's first sequence tells how far it went.
     *
     * @param filter what it covered
     */
    void onPurged(LogFilter filter);

    /** Messages that had been lost are back, somewhere in the stream: who has not come that far gets them in their turn. */
    void onPutBack();

    /** Whether a message on this subject is to be kept for some consumer: asked for interest retention before storing. */
    boolean match(Subject subject);

    /** Whether some consumer still has to deliver this message or waits for its acknowledgement. */
    boolean await(long seq);

    /**
     * Asks whether a new configuration of the stream suits its consumers.
     *
     * @throws io.leafd.jetstream.api.ApiException if not
     */
    void checkUpdate(StreamConfig wanted);

    /** The stream has a new configuration. */
    void onUpdated(StreamConfig before);

    /** The store was reopened: everything derived from it is to be read again. */
    void onReopened();

    /** The stream is about to be deleted, and with it all consumers. */
    void onDeleted();
}
