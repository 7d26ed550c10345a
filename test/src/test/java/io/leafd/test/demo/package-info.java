/** The demo as somebody runs it who has just built leafd. */
@NullMarked
package io.leafd.test.demo;

import org.jspecify.annotations.NullMarked;
