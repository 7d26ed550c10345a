package io.leafd.store.engine;

import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/** The two calls that make data durable. A seam: tests put failing disks here. Called by the store loop. */
interface BatchWriter {
    /** Writes the batch in one piece; with {@code sync}, everything written so far is on the medium afterwards. */
    void write(WriteBatch batch, boolean sync) throws RocksDBException;

    /** Puts everything written so far on the medium. */
    void sync() throws RocksDBException;
}
