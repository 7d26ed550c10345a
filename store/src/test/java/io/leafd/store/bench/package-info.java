/** Measurements, run by hand. */
@NullMarked
package io.leafd.store.bench;

import org.jspecify.annotations.NullMarked;
