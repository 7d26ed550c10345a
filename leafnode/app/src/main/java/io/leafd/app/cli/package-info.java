/**
 * The commands of {@code leafd} but {@code run}: a picocli model, tables and JSON. Owned by the main thread. Answers go to standard
 * output, talk to standard error.
 */
@NullMarked
package io.leafd.app.cli;

import org.jspecify.annotations.NullMarked;
