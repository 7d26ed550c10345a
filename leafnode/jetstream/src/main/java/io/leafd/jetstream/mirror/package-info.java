/**
 * Mirrors and sources: streams that copy other streams, of this server or across a leaf connection. Everything here runs on the
 * store loop unless it says otherwise.
 */
@NullMarked
package io.leafd.jetstream.mirror;

import org.jspecify.annotations.NullMarked;
