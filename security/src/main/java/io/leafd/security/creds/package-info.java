/**
 * NATS credentials: the JWT that an operator's tool wrote, and the file that carries it with its seed. For the outbound
 * link; nothing is cached, so a renewed file takes effect at the next connect. Owns no thread.
 */
@NullMarked
package io.leafd.security.creds;

import org.jspecify.annotations.NullMarked;
