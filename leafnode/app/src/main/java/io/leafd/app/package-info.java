/**
 * Main, configuration and wiring. Decides nothing else.
 */
@NullMarked
package io.leafd.app;

import org.jspecify.annotations.NullMarked;
