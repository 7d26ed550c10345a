/** Micro-benchmarks of single steps, run by {@code test/bench/micro}. They find out why, not whether: what users see is measured end to end. */
@NullMarked
package io.leafd.bench.micro;

import org.jspecify.annotations.NullMarked;
