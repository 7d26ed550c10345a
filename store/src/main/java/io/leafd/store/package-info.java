/**
 * The RocksDB store: opening, registries, consumers, cursors, budget. Only {@code io.leafd.store} and below import org.rocksdb.
 * One store loop owns everything that reads or writes; see {@link io.leafd.store.loop.StoreLoop}.
 */
@NullMarked
package io.leafd.store;

import org.jspecify.annotations.NullMarked;
