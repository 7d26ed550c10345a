package io.leafd.store;

import io.leafd.store.crypt.StoreKeys;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a store is opened. Immutable.
 *
 * @param directory the store's own directory; made if missing
 * @param syncInterval null: an acknowledgement means fsynced ({@code sync = "always"}); else acknowledgements follow the write
 *     and a timer syncs this often, so a power cut loses up to this much
 * @param maxDiskBytes budget of the whole directory, WAL and compaction debt included
 * @param minFreeBytes what must stay free on the file system; taking in stops below it
 * @param memoryBytes block cache, memtables and the store's caches on the heap together
 * @param keys what is stored is encrypted with the first of these; a store that was once, needs them to be opened
 */
public record StoreConfig(
        Path directory,
        @Nullable Duration syncInterval,
        long maxDiskBytes,
        long minFreeBytes,
        long memoryBytes,
        StoreKeys keys) {
    /** Smallest budgets that work at all. */
    public static final long MAX_DISK_BYTES_MIN = 64L << 20;

    public static final long MEMORY_BYTES_MIN = 8L << 20;

    public StoreConfig {
        if (maxDiskBytes < MAX_DISK_BYTES_MIN) {
            throw new IllegalArgumentException(
                    "max_disk of " + maxDiskBytes + " bytes is too small, at least " + MAX_DISK_BYTES_MIN);
        }
        if (memoryBytes < MEMORY_BYTES_MIN) {
            throw new IllegalArgumentException(
                    "store memory of " + memoryBytes + " bytes is too small, at least " + MEMORY_BYTES_MIN);
        }
        if (minFreeBytes < 0) {
            throw new IllegalArgumentException("min_free of " + minFreeBytes + " bytes");
        }
        if (syncInterval != null && (syncInterval.isNegative() || syncInterval.isZero())) {
            throw new IllegalArgumentException("sync interval must be \"always\" or above zero: " + syncInterval);
        }
    }

    /** Without keys. */
    public StoreConfig(
            Path directory, @Nullable Duration syncInterval, long maxDiskBytes, long minFreeBytes, long memoryBytes) {
        this(directory, syncInterval, maxDiskBytes, minFreeBytes, memoryBytes, StoreKeys.NONE);
    }

    /** The same with these keys. */
    public StoreConfig with(StoreKeys given) {
        return new StoreConfig(directory, syncInterval, maxDiskBytes, minFreeBytes, memoryBytes, given);
    }

    /** Always synced, 20 GiB, 1 GiB free, 64 MiB memory: the defaults of {@code [store]}. */
    public static StoreConfig of(Path directory) {
        return new StoreConfig(directory, null, 20L << 30, 1L << 30, 64L << 20);
    }
}
