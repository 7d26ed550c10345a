package io.leafd.store;

import io.leafd.store.log.StreamLog;
import java.util.List;

/** Which durable consumers there are. Owned by the store loop. */
@SuppressWarnings("DoNotCallSuggester") // signatures only
public final class ConsumerRegistry {
    private ConsumerRegistry() {}

    /** The consumers of a stream, in order of creation. Reads them from disk. */
    public List<ConsumerStore> list(StreamLog stream) {
        throw new UnsupportedOperationException("signature only, code follows");
    }

    /** Makes a consumer; durable with the current group. The caller sees to it that names are unique within the stream. */
    public ConsumerStore create(StreamLog stream, String name, byte[] config, long createdNs) {
        throw new UnsupportedOperationException("signature only, code follows");
    }
}
