/** What the build holds of the code itself: who may use whom, and how large things may grow. Looks at classes and sources only. */
@NullMarked
package io.leafd.test.tidy;

import org.jspecify.annotations.NullMarked;
