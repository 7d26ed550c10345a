/**
 * Leaf connections to and from other servers, forwards and mirrors.
 */
@NullMarked
package io.leafd.link;

import org.jspecify.annotations.NullMarked;
