package io.leafd.app.config.schema;

import java.util.function.Function;

/**
 * What the value of a key may be. Immutable.
 *
 * @param <T>         the type that the program gets
 * @param description for people, with its range: {@code size, 1KiB to 64MiB}
 * @param reader      from TOML to {@code T}
 * @param writer      back, in the one spelling that {@code leafd check} prints; hides secrets
 */
public record Kind<T>(String description, Reader<T> reader, Function<T, String> writer) {
    /** From TOML to a value. */
    @FunctionalInterface
    public interface Reader<T> {
        /**
         * @param toml     String, Long, Double, Boolean, or List of these; anything else TOML has is refused here too
         * @param position of the value; relative paths start at its directory
         */
        T read(Object toml, Position position) throws BadValueException;
    }

    String show(T value) {
        return writer.apply(value);
    }
}
