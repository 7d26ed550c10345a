@NullMarked
package io.leafd.link.net;

import org.jspecify.annotations.NullMarked;
