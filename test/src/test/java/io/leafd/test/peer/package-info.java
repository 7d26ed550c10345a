/**
 * What a scenario is made of: servers as processes of their own ({@link io.leafd.test.peer.LeafdProcess},
 * {@link io.leafd.test.peer.NatsServer}), a network between them that can be broken ({@link io.leafd.test.peer.Relay}) and clients,
 * from raw sockets to the official libraries.
 *
 * <p>Every wait is on a condition and has a limit; nothing sleeps. Whoever starts a process, a relay or a client closes it.
 */
@NullMarked
package io.leafd.test.peer;

import org.jspecify.annotations.NullMarked;
