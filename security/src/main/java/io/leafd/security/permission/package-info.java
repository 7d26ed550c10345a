/**
 * What a user may publish, subscribe to and receive, and how often it may answer. Pure and immutable except
 * {@link io.leafd.security.permission.ReplyGrants}, which belongs to one connection. Knows subjects as bytes; knows nobody
 * of ours.
 */
@NullMarked
package io.leafd.security.permission;

import org.jspecify.annotations.NullMarked;
