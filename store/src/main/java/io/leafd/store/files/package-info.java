/**
 * RocksDB's files as bytes: what is needed to save what is in them when RocksDB refuses to open them. Knows neither the engine nor
 * streams, has no threads and no state.
 */
@NullMarked
package io.leafd.store.files;

import org.jspecify.annotations.NullMarked;
