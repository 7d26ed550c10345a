/**
 * NKEYs: Ed25519 identities in NATS's text form, their seeds, and the random names a server gives out. BouncyCastle's
 * lightweight API verifies, eddsa signs; both are imported here and, for passwords and certificates, in {@code login} and
 * {@code tls}. Owns no thread; values are immutable except seeds, which are closed.
 */
@NullMarked
package io.leafd.security.nkey;

import org.jspecify.annotations.NullMarked;
