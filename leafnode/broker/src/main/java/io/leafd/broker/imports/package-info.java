/**
 * What accounts import from each other: messages of another's streams, and requests to another's services.
 */
@NullMarked
package io.leafd.broker.imports;

import org.jspecify.annotations.NullMarked;
