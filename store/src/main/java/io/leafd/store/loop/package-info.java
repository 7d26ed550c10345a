/**
 * The store loop: one thread that runs all work on streams and commits it in groups. Knows nothing of RocksDB: it drives a
 * {@link io.leafd.store.loop.GroupCommit}. Other threads may only call {@code offer} and {@code control}.
 */
@NullMarked
package io.leafd.store.loop;

import org.jspecify.annotations.NullMarked;
