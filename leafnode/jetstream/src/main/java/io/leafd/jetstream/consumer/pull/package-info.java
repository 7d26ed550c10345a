/**
 * Pull requests: what they may ask, who is served next, how each of them ends. Pure: time comes in as an argument, frames go
 * out through {@link io.leafd.jetstream.consumer.pull.PullPort}. Owned by the store loop.
 */
@NullMarked
package io.leafd.jetstream.consumer.pull;

import org.jspecify.annotations.NullMarked;
