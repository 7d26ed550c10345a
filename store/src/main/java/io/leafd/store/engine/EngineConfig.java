package io.leafd.store.engine;

import java.nio.file.Path;

/**
 * What the engine needs to know. Immutable.
 *
 * @param directory RocksDB's own directory
 * @param memoryBytes see {@link Tuning}
 * @param maxDiskBytes scales files and compactions; nothing is enforced here
 * @param syncAlways whether a commit syncs; else somebody calls {@link Engine#sync}
 */
public record EngineConfig(Path directory, long memoryBytes, long maxDiskBytes, boolean syncAlways) {}
