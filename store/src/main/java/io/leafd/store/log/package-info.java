/**
 * The message log of a stream: messages by sequence, the index by subject, deleted sequences, message ids. Everything here is
 * owned by the store loop, reads as well as writes; what other threads may read says so.
 */
@NullMarked
package io.leafd.store.log;

import org.jspecify.annotations.NullMarked;
