/**
 * What a configuration key is, and how a TOML file is held against the table of keys. Knows no key by name: those stand in
 * {@link io.leafd.app.config}. No threads of its own; everything is immutable once read.
 */
@NullMarked
package io.leafd.app.config.schema;

import org.jspecify.annotations.NullMarked;
