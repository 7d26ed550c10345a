package io.leafd.app.config.schema;

import java.util.List;
import java.util.stream.Collectors;

/** Writes values as TOML. */
public final class TomlText {
    private TomlText() {}

    /** @param value String, Long, Boolean, or a List of these */
    public static String of(Object value) {
        if (value instanceof String text) {
            return quote(text);
        }
        return value instanceof List<?> list
                ? list.stream().map(TomlText::of).collect(Collectors.joining(", ", "[", "]"))
                : value.toString();
    }

    /** A basic string; everything that could end it or move the cursor is escaped. */
    public static String quote(String text) {
        StringBuilder out = new StringBuilder(text.length() + 2).append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\t' -> out.append("\\t");
                case '\r' -> out.append("\\r");
                default -> {
                    if (c < ' ' || c == 0x7f) {
                        out.append(String.format("\\u%04X", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        return out.append('"').toString();
    }
}
