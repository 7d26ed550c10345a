/**
 * What is measured, line by line, and the servers it is measured on. A line starts the contender's server, loads it, and returns
 * its figures; it knows nothing of rounds, ratios, or reports.
 */
@NullMarked
package io.leafd.bench.line;

import org.jspecify.annotations.NullMarked;
