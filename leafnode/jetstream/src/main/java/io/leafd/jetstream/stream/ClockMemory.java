package io.leafd.jetstream.stream;

import io.leafd.store.CursorStore;
import io.leafd.store.loop.StoreException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps a stream's {@link ClockRecord} beside the cursors, as {@code time/ACCOUNT/STREAM}. Owned by the store loop. */
final class ClockMemory implements StreamTime.Memory {
    private static final Logger LOG = LoggerFactory.getLogger(ClockMemory.class);

    private final CursorStore cursors;
    private final String name;

    ClockMemory(CursorStore cursors, String account, String stream) {
        this.cursors = cursors;
        this.name = "time/" + account + "/" + stream;
    }

    @Override
    public byte @Nullable [] load() {
        try {
            return cursors.get(name);
        } catch (StoreException.Corrupt e) {
            LOG.warn("clock record is damaged, messages age from the last one's timestamp name={}", name, e);
            return null;
        }
    }

    @Override
    public void save(byte[] bytes) {
        cursors.put(name, bytes);
    }

    /** Removes the record of a stream that is being deleted. */
    void forget() {
        cursors.remove(name);
    }
}
