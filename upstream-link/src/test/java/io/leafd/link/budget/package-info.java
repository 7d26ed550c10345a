@NullMarked
package io.leafd.link.budget;

import org.jspecify.annotations.NullMarked;
