/** Forwards against a simulated store, link and upstream. */
@NullMarked
package io.leafd.link.forward;

import org.jspecify.annotations.NullMarked;
