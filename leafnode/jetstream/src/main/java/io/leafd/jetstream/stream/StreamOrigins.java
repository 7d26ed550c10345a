package io.leafd.jetstream.stream;

import io.leafd.protocol.json.JsonWriter;

/** What copies other streams into one stream: its mirror or its sources. Called on the store loop. */
public interface StreamOrigins {
    /** Makes the origins of a stream that was created or found on disk. */
    @FunctionalInterface
    interface Factory {
        /** Begins to copy what the stream's configuration asks for. */
        StreamOrigins open(Stream stream);
    }

    /** Writes the fields {@code mirror} or {@code sources} of the stream's info, if there are any. */
    void writeInfo(JsonWriter json);

    /** The stream has a new configuration. */
    void onUpdated(StreamConfig before);

    /** The store was reopened: positions are to be read again. */
    void onReopened();

    /** The stream is about to be deleted. */
    void onDeleted();
}
