/**
 * RocksDB behind a small face: column families, sealed records, one write group, reads that see it. The only package that
 * imports org.rocksdb. Everything is owned by the store loop unless it says otherwise.
 */
@NullMarked
package io.leafd.store.engine;

import org.jspecify.annotations.NullMarked;
