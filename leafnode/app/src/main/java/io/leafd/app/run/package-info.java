/**
 * A running leafd: builds the parts from the configuration, starts them in order, stops them in the reverse order.
 */
@NullMarked
package io.leafd.app.run;

import org.jspecify.annotations.NullMarked;
