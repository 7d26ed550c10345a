/**
 * What a NATS client may rely on, as scenarios that run twice: against the real nats-server, which proves the expectation, and against
 * leafd, which proves leafd. One class for each group of scenarios; the machinery is {@link io.leafd.test.conformance.Conformance}.
 */
@NullMarked
package io.leafd.test.conformance;

import org.jspecify.annotations.NullMarked;
