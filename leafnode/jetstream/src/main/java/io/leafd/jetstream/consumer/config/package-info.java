/**
 * How a consumer is set up: the fields, what may be combined, what may be changed later. Pure; owned by the store loop.
 */
@NullMarked
package io.leafd.jetstream.consumer.config;

import org.jspecify.annotations.NullMarked;
