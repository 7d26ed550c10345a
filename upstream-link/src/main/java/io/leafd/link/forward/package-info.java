/**
 * Store and forward up: messages that are durable here go, in order and once each, into a stream of the upstream.
 *
 * <p>{@link io.leafd.link.forward.Forward} is the machine and is pure; {@link io.leafd.link.forward.Backlog} is its view of
 * the store and {@link io.leafd.link.forward.Uplink} its view of the link. Everything here runs on the store loop.
 */
@NullMarked
package io.leafd.link.forward;

import org.jspecify.annotations.NullMarked;
