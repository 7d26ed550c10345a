/**
 * How fast a push consumer may send: the flow control window, the rate limit, the pauses of a replay. Pure: time comes in as an
 * argument. Owned by the store loop.
 */
@NullMarked
package io.leafd.jetstream.consumer.push;

import org.jspecify.annotations.NullMarked;
