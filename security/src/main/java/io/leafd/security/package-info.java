/**
 * NKEYs, credentials, users, permissions and TLS material. The only place that imports crypto libraries.
 */
@NullMarked
package io.leafd.security;

import org.jspecify.annotations.NullMarked;
