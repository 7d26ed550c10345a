/**
 * Configurations of a server in words that both servers understand, and their two translations: the conformance scenarios run against
 * the real nats-server and against leafd from one {@link io.leafd.test.setup.ServerSetup}.
 */
@NullMarked
package io.leafd.test.setup;

import org.jspecify.annotations.NullMarked;
