/**
 * {@code leafd self-test}: whether this machine can run leafd, by running one.
 *
 * <p>Threads: the main thread asks and waits; the leafds under test have their own. It is also the training run of the AOT cache,
 * so it uses what a real day uses.
 */
@NullMarked
package io.leafd.app.selftest;

import org.jspecify.annotations.NullMarked;
