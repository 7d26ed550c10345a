package io.leafd.store.engine;

import org.rocksdb.RocksDBException;

/** Makes RocksDB do now what it does sooner or later. */
public final class Compactions {
    private Compactions() {}

    /** Rewrites all families; what fails on the way is left to show itself. */
    public static void all(Engine engine) {
        for (Family family : Family.values()) {
            try {
                engine.compact(family);
            } catch (RocksDBException e) {
                // a damaged table: RocksDB refuses to write from now on, which the next commit meets
            }
        }
    }
}
