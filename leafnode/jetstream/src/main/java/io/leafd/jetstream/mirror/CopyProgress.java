package io.leafd.jetstream.mirror;

import io.leafd.jetstream.stream.StreamSource;
import io.leafd.protocol.json.JsonWriter;
import org.jspecify.annotations.Nullable;

/** How far a copy has come and what is wrong with it, as a stream's info shows it. Owned by the store loop. */
final class CopyProgress {
    private final StreamSource source;
    private long pending;
    private long heardNs;
    private boolean heardOnce;
    private @Nullable String errorJson;

    CopyProgress(StreamSource source) {
        this.source = source;
    }

    /** A sign of life from the origin. */
    void heard(long nowNs) {
        heardNs = nowNs;
        heardOnce = true;
    }

    /** Nanoseconds since the last sign of life, -1 before the first. */
    long silentNs(long nowNs) {
        return heardOnce ? nowNs - heardNs : -1;
    }

    /** Whether the origin has messages that are not here, as far as it said. */
    boolean isPending() {
        return pending > 0;
    }

    /** How many messages the origin has that are not here. */
    void pending(long messages) {
        pending = messages;
    }

    /** It goes well. */
    void cleared() {
        errorJson = null;
    }

    /**
     * It does not.
     *
     * @param error of the origin's API as it came, or null if it is ours
     */
    void failed(String why, @Nullable String error) {
        errorJson = error != null
                ? error
                : new JsonWriter()
                        .object()
                        .field("code", 503)
                        .field("description", why)
                        .end()
                        .toString();
    }

    /**
     * Writes an object with {@code name}, {@code lag}, {@code active} and so on.
     *
     * @param copied the origin's sequence that was copied last, -1 to leave it out
     */
    void write(JsonWriter json, long copied, long nowNs) {
        json.object().field("name", source.name()).field("lag", pending);
        if (copied >= 0) {
            json.field("seq", copied);
        }
        json.field("active", silentNs(nowNs));
        if (errorJson != null) {
            json.raw("error", errorJson);
        }
        source.selection().forEach(json::tree);
        json.end();
    }
}
