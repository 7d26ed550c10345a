package io.leafd.app.config.schema;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where something stands in a configuration file. Immutable.
 *
 * @param file   the file as the caller named it; null for the built-in defaults
 * @param line   from 1
 * @param column from 1
 */
public record Position(@Nullable Path file, int line, int column) implements Comparable<Position> {
    /** The place of everything that no file says. */
    public static final Position DEFAULTS = new Position(null, 1, 1);

    /** The directory at which relative paths of this file start: that of the file, or the working directory. */
    public Path directory() {
        Path parent = file == null ? null : file.toAbsolutePath().getParent();
        return parent == null ? Path.of("") : parent;
    }

    @Override
    public int compareTo(Position other) {
        int files = String.valueOf(file).compareTo(String.valueOf(other.file));
        if (files != 0) {
            return files;
        }
        return line == other.line ? Integer.compare(column, other.column) : Integer.compare(line, other.line);
    }

    /** {@code leafd.toml:14:3}, as editors and terminals understand it. */
    @Override
    public String toString() {
        return (file == null ? "defaults" : file) + ":" + line + ":" + column;
    }
}
