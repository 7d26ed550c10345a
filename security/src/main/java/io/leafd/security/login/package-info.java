/**
 * Who a client is: configured users, what a client claims, and the decision. Pure and immutable, so that any thread may
 * decide; only a bcrypt comparison is too slow for an event loop, and
 * {@link io.leafd.security.login.UserDirectory#slow} says when.
 */
@NullMarked
package io.leafd.security.login;

import org.jspecify.annotations.NullMarked;
