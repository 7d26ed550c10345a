/**
 * Leaf connections to and from other servers: who dials when, what may cross, what each side is told of the other's
 * interest.
 *
 * <p>A session ({@link io.leafd.link.LeafSession}) is the protocol of one connection and belongs to that connection's event
 * loop; {@link io.leafd.link.UpstreamLink} is the life of one configured upstream and belongs to the control thread. The
 * sockets are in {@code net}, store and forward in {@code forward}.
 */
@NullMarked
package io.leafd.link;

import org.jspecify.annotations.NullMarked;
