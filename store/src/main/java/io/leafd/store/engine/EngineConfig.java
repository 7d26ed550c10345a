package io.leafd.store.engine;

import io.leafd.store.crypt.StoreKeys;
import java.nio.file.Path;

/**
 * What the engine needs to know. Immutable.
 *
 * @param directory RocksDB's own directory
 * @param memoryBytes see {@link Tuning}
 * @param maxDiskBytes scales files and compactions; nothing is enforced here
 * @param syncAlways whether a commit syncs; else somebody calls {@link Engine#sync}
 * @param keys what records are encrypted and decrypted with
 */
public record EngineConfig(Path directory, long memoryBytes, long maxDiskBytes, boolean syncAlways, StoreKeys keys) {
    /** Without keys: nothing is encrypted, and nothing that is can be read. */
    public EngineConfig(Path directory, long memoryBytes, long maxDiskBytes, boolean syncAlways) {
        this(directory, memoryBytes, maxDiskBytes, syncAlways, StoreKeys.NONE);
    }
}
