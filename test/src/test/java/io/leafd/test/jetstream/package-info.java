/**
 * What a JetStream client may rely on, on one server: API answers field by field, error codes and texts, publish acknowledgements,
 * deliveries and acknowledgements, and the official clients on top. Each class runs against the real nats-server and against leafd.
 */
@NullMarked
package io.leafd.test.jetstream;

import org.jspecify.annotations.NullMarked;
