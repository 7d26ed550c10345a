/**
 * Load on plain sockets: prebuilt frames out, bytes counted in, so that the server is what limits a run. Each client has a thread
 * of its own, nothing is shared but counters.
 */
@NullMarked
package io.leafd.bench.load;

import org.jspecify.annotations.NullMarked;
