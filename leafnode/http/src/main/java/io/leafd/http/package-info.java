/**
 * Monitoring and metrics over HTTP. Reads published snapshots only.
 */
@NullMarked
package io.leafd.http;

import org.jspecify.annotations.NullMarked;
