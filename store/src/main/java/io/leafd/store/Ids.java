package io.leafd.store;

import io.leafd.store.engine.Engine;
import io.leafd.store.engine.Family;
import io.leafd.store.engine.WriteGroup;
import io.leafd.store.loop.StoreException;
import java.nio.ByteBuffer;

/**
 * Gives ids to streams and consumers. Owned by the store loop. An id is never given twice, even after its owner was deleted:
 * what is left of the dead on disk must not come back to life under somebody new.
 *
 * <p>Family {@code metadata}: key = {@code 'N'}; body = last id given (8).
 */
final class Ids {
    static final byte KEY = 'N';
    /** Where to go on when the record is damaged: far above what anybody ever gave. */
    private static final long AFTER_DAMAGE = 1L << 40;

    /** More than can be given within the few seconds whose writes may be lost. */
    private static final long LEAP = 1L << 20;

    private final Engine engine;
    private final ByteBuffer key = ByteBuffer.allocateDirect(1);
    private long last;

    Ids(Engine engine) {
        this.engine = engine;
    }

    void load() {
        try {
            ByteBuffer body = engine.body(Family.METADATA, key.clear().put(KEY).flip());
            last = body == null ? 0 : body.getLong();
        } catch (StoreException.Corrupt e) {
            last = AFTER_DAMAGE;
        }
    }

    /** Goes on far above: ids may have been given that the database does not know of any more. */
    void leap() {
        last += LEAP;
    }

    /** Notes an id that was given. */
    void atLeast(long id) {
        last = Math.max(last, id);
    }

    /** The next id, from 1; durable with the group. */
    long next() {
        engine.checkUp();
        last++;
        WriteGroup group = engine.group();
        group.key(1).put(KEY);
        group.value(Long.BYTES).putLong(last);
        group.put(Family.METADATA);
        return last;
    }
}
