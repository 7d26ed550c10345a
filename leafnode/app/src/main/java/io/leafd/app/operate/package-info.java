/**
 * What the owner of a running leafd can ask it to tell and to do: the answers to {@code status}, {@code streams}, {@code link} and
 * {@code why}. Called on virtual threads; everything is read from published snapshots or asked of its owner.
 */
@NullMarked
package io.leafd.app.operate;

import org.jspecify.annotations.NullMarked;
