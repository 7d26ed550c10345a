/**
 * Requests read the way Go's {@code encoding/json} reads them, and Go's spelling of times and durations. Pure, any thread.
 */
@NullMarked
package io.leafd.jetstream.json;

import org.jspecify.annotations.NullMarked;
