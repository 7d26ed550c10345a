package io.leafd.store;

import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Named small records: positions of forwards, mirrors and sources, and the like. Owned by the store loop. */
@SuppressWarnings("DoNotCallSuggester") // signatures only
public final class CursorStore {
    private CursorStore() {}

    /** The bytes of this name, or null. */
    public byte @Nullable [] get(String name) {
        throw new UnsupportedOperationException("signature only, code follows");
    }

    /** Sets the bytes of a name; written once per group. The array is kept. */
    public void put(String name, byte[] value) {
        throw new UnsupportedOperationException("signature only, code follows");
    }

    /** Forgets a name. */
    public void remove(String name) {
        throw new UnsupportedOperationException("signature only, code follows");
    }

    /** Shows all names that begin with {@code prefix}, in byte order. */
    public void forEach(String prefix, BiConsumer<String, byte[]> visitor) {
        throw new UnsupportedOperationException("signature only, code follows");
    }
}
