package io.leafd.app.config.schema;

import java.util.List;

/** What to call TOML's values when talking to a person. */
final class TomlValues {
    private TomlValues() {}

    static String name(TomlNode node) {
        return switch (node) {
            case TomlNode.Tree tree -> "a table";
            case TomlNode.Array array -> array.ofTables() ? "an array of tables" : "an array";
            case TomlNode.Scalar scalar -> name(scalar.value());
        };
    }

    static String name(Object value) {
        return switch (value) {
            case String text -> "a string";
            case Long number -> "a number";
            case Double number -> "a number with a point";
            case Boolean fact -> "true or false";
            case List<?> list -> "an array";
            default -> "a date or time";
        };
    }
}
