/**
 * JSON as trees of plain Java values, read strictly and written the way NATS servers write it. Pure.
 */
@NullMarked
package io.leafd.protocol.json;

import org.jspecify.annotations.NullMarked;
