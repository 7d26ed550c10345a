/**
 * How much an upstream's link may send in a stretch of the calendar. {@link io.leafd.link.budget.SendBudget} decides on the
 * control thread; connections ask and count at its {@link io.leafd.link.budget.Meter}. Knows nothing of sockets.
 */
@NullMarked
package io.leafd.link.budget;

import org.jspecify.annotations.NullMarked;
