package io.leafd.store.engine;

import org.jspecify.annotations.Nullable;

/**
 * A table file that was taken out of the database because it cannot be read. Immutable.
 *
 * @param fileName its name, {@code 000072.sst}
 * @param family the family it belonged to; null if that is not known
 * @param firstOwner owner of its first key: in the families by stream, the id of a stream
 * @param lastOwner owner of its last key
 */
public record LostTable(String fileName, @Nullable Family family, long firstOwner, long lastOwner) {
    /** Whether it may have held records of a stream in one of the families by stream. */
    public boolean concerns(long streamId) {
        return family == null || (firstOwner <= streamId && streamId <= lastOwner);
    }
}
