/**
 * Streams, consumers and the JetStream API. Everything here runs on the store loop unless it says Any thread.
 */
@NullMarked
package io.leafd.jetstream;

import org.jspecify.annotations.NullMarked;
