package io.leafd.store;

import io.leafd.store.log.StreamLog;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which streams there are. Owned by the store loop. Their configuration is opaque bytes here. */
@SuppressWarnings("DoNotCallSuggester") // signatures only
public final class StreamRegistry {
    private StreamRegistry() {}

    /** All streams of all accounts, in order of creation. */
    public List<StreamLog> list() {
        throw new UnsupportedOperationException("signature only, code follows");
    }

    /** The stream of this name, or null. */
    public @Nullable StreamLog find(String account, String name) {
        throw new UnsupportedOperationException("signature only, code follows");
    }

    /**
     * Makes an empty stream; durable with the current group.
     *
     * @throws IllegalArgumentException if there is one of this name
     */
    public StreamLog create(String account, String name, byte[] config, long createdNs) {
        throw new UnsupportedOperationException("signature only, code follows");
    }

    /** Replaces the configuration bytes of a stream. */
    public void update(StreamLog stream, byte[] config) {
        throw new UnsupportedOperationException("signature only, code follows");
    }

    /** Deletes a stream with its messages and consumers, at a cost that does not depend on their number. */
    public void delete(StreamLog stream) {
        throw new UnsupportedOperationException("signature only, code follows");
    }
}
