/** Micro-benchmarks that need to see inside the store. */
@NullMarked
package io.leafd.store.engine;

import org.jspecify.annotations.NullMarked;
