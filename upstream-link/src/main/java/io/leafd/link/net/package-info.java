/**
 * Sockets of leaf connections: dialling, listening, TLS, and the order in which bytes leave. The only place of this module
 * that knows Netty's channels.
 */
@NullMarked
package io.leafd.link.net;

import org.jspecify.annotations.NullMarked;
