/**
 * Who wants which subjects: subscriptions in an immutable trie. Any thread; touches no I/O.
 */
@NullMarked
package io.leafd.broker.interest;

import org.jspecify.annotations.NullMarked;
