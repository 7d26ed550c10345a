/**
 * Sockets: event loops, connections, outboxes and the fan-out of a message to them.
 */
@NullMarked
package io.leafd.broker.net;

import org.jspecify.annotations.NullMarked;
