/**
 * What every part of security needs: secret files and the one exception for bad material. The sub-packages hold the
 * rest: {@code nkey} (identities), {@code creds} (JWT and creds files), {@code permission} (what a user may do),
 * {@code login} (who a client is), {@code tls} (certificates and keys).
 *
 * <p>Owns no thread. Nothing here knows a broker, a link or a connection: callers hand in values and get values. No class
 * registers a security provider, logs a secret, or keeps one longer than its javadoc says.
 */
@NullMarked
package io.leafd.security;

import org.jspecify.annotations.NullMarked;
