/**
 * What a hostile or broken peer can do to leafd from outside, while a well-behaved client goes on: lines that are none, logins that are
 * none, connections that say nothing. Each scenario has a leafd of its own and looks at its process from outside.
 */
@NullMarked
package io.leafd.test.hostility;

import org.jspecify.annotations.NullMarked;
