/**
 * The end-to-end benchmark: leafd and nats-server in turn on the same machine, round after round, and the ratios between them. Run
 * by {@code test/bench/run}, never by the build.
 */
@NullMarked
package io.leafd.bench;

import org.jspecify.annotations.NullMarked;
