/**
 * Streams: their configuration and its rules, taking messages in, limits, reads. Everything runs on the store loop unless it
 * says Any thread; only {@link io.leafd.jetstream.stream.StreamInbox} stands with one foot on the event loops.
 */
@NullMarked
package io.leafd.jetstream.stream;

import org.jspecify.annotations.NullMarked;
