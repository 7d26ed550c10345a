/**
 * How cost grows with clients, subscriptions, messages and streams: one figure at several sizes, as a plot. A bend upwards is what
 * to look for; the height depends on the machine.
 */
@NullMarked
package io.leafd.bench.growth;

import org.jspecify.annotations.NullMarked;
