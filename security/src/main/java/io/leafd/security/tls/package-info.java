/**
 * TLS material from PEM files: read, checked against each other, and exchanged while running. Owns no thread; the current
 * material is one immutable snapshot behind a volatile field. Only the JDK's own providers are used.
 */
@NullMarked
package io.leafd.security.tls;

import org.jspecify.annotations.NullMarked;
