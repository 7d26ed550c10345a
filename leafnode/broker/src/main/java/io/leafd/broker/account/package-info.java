/**
 * Accounts: isolated subject spaces with their interest and limits. Any thread.
 */
@NullMarked
package io.leafd.broker.account;

import org.jspecify.annotations.NullMarked;
