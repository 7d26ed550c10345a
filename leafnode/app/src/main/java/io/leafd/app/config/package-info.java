/**
 * The configuration of leafd: one record for each table of {@code leafd.toml}, each with its rows of the table of keys, and the
 * rules between keys. No threads; everything is immutable.
 */
@NullMarked
package io.leafd.app.config;

import org.jspecify.annotations.NullMarked;
