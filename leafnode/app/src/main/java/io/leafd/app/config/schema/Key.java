package io.leafd.app.config.schema;

import org.jspecify.annotations.Nullable;

/**
 * One row of the table of keys: all that is known about a key. Immutable. From it come the checks, the reference in
 * {@code docs/configuration.md}, the manual page and the commented default file.
 *
 * @param presence   what holds when no file says it
 * @param reloadable whether a running leafd takes a changed value at {@code leafd reload}
 * @param example    TOML of a sensible value, for the commented default file
 * @param doc        sentences for the box owner, in Markdown without line breaks
 */
public record Key<T>(String name, Kind<T> kind, Presence presence, boolean reloadable, String example, String doc) {

    /** What holds when no file names the key. */
    public sealed interface Presence {
        /** The key must be there. */
        record Required() implements Presence {}

        /** @param toml the value, as a file would have it */
        record Default(Object toml) implements Presence {}

        /** @param meaning what its absence means: {@code the host name} */
        record Optional(String meaning) implements Presence {}
    }

    public static <T> Key<T> required(String name, Kind<T> kind, String example) {
        return new Key<>(name, kind, new Presence.Required(), false, example, "");
    }

    /** @param toml the default as a file would have it; it is read by {@code kind} like any other */
    public static <T> Key<T> withDefault(String name, Kind<T> kind, Object toml) {
        return new Key<>(name, kind, new Presence.Default(toml), false, TomlText.of(toml), "");
    }

    public static <T> Key<T> optional(String name, Kind<T> kind, String meaning, String example) {
        return new Key<>(name, kind, new Presence.Optional(meaning), false, example, "");
    }

    /** Whether it is this very key: keys are constants. */
    @Override
    public boolean equals(@Nullable Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return name.hashCode();
    }

    public Key<T> reload() {
        return new Key<>(name, kind, presence, true, example, doc);
    }

    public Key<T> doc(String sentences) {
        return new Key<>(name, kind, presence, reloadable, example, sentences);
    }
}
