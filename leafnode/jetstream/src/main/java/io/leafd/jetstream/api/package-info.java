/**
 * The request side of JetStream that streams and consumers share: errors, strict decoding, answers, advisories. Everything
 * here runs on the store loop unless it says otherwise, and nothing leaves before the commit of the group it ran in.
 */
@NullMarked
package io.leafd.jetstream.api;

import org.jspecify.annotations.NullMarked;
