/**
 * NATS client and leaf frames, subjects and headers as bytes. Pure: no thread, no I/O, knows nobody of ours.
 */
@NullMarked
package io.leafd.protocol;

import org.jspecify.annotations.NullMarked;
