/**
 * Connections, accounts, interest and delivery.
 */
@NullMarked
package io.leafd.broker;

import org.jspecify.annotations.NullMarked;
