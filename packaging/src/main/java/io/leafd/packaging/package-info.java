/**
 * Makes the tree of files that the Debian package installs. Runs in the build only; one thread; nothing of it is in the package.
 *
 * <p>All of it is plain Java and the JDK's own {@code jlink}: the package can be built where no Debian tool exists.
 */
@NullMarked
package io.leafd.packaging;

import org.jspecify.annotations.NullMarked;
