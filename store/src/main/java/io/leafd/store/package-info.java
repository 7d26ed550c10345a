/**
 * The RocksDB store. The only place that imports org.rocksdb; its write side is owned by one store loop.
 */
@NullMarked
package io.leafd.store;

import org.jspecify.annotations.NullMarked;
