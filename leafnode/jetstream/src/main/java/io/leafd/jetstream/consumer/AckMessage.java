package io.leafd.jetstream.consumer;

import io.leafd.jetstream.consumer.ack.AckSubject;
import io.leafd.jetstream.consumer.ack.AckVerb;
import io.leafd.protocol.Subject;
import org.jspecify.annotations.Nullable;

/**
 * One acknowledgement as it came. Immutable.
 *
 * @param subject which delivery is meant
 * @param verb what is said
 * @param reply where it is to be confirmed, or null
 */
record AckMessage(
        AckSubject subject, AckVerb verb, @Nullable Subject reply) {}
