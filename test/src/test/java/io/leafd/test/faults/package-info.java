/**
 * Faults done to a real server process while several clients write and read, and the count of what is left afterwards.
 *
 * <p>A {@link io.leafd.test.faults.Box} is leafd or nats-server on a data directory; a {@link io.leafd.test.faults.Workload} is
 * the clients at it; each keeps a book ({@link io.leafd.test.faults.Ledger}, {@link io.leafd.test.faults.KeyLedger}) of what it
 * tried and what was acknowledged, and the book judges what is read at the end. What happens when is drawn from a
 * {@link io.leafd.test.faults.Profile}'s seed, so that a failing run can be run again.
 *
 * <p>The clients speak the protocol themselves ({@link io.leafd.test.faults.WireClient}): a library that reconnects, buffers and
 * sends again would hide which message was acknowledged when.
 */
@NullMarked
package io.leafd.test.faults;

import org.jspecify.annotations.NullMarked;
