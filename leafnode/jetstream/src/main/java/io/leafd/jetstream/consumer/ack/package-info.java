/**
 * What a consumer knows about messages that it delivered: subjects and verbs of acknowledgements, pending messages, floors,
 * redelivery. Pure: time comes in as an argument, what happens goes out through {@link
 * io.leafd.jetstream.consumer.ack.AckListener}. Owned by the store loop.
 */
@NullMarked
package io.leafd.jetstream.consumer.ack;

import org.jspecify.annotations.NullMarked;
