/** Another leafd, started by this one the way this one was started: from the source tree, from a package, from anywhere. */
@NullMarked
package io.leafd.app.child;

import org.jspecify.annotations.NullMarked;
