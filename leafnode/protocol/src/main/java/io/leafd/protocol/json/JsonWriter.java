package io.leafd.protocol.json;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes JSON the way Go's encoder does: no blanks, {@code <}, {@code >} and {@code &} as {@code \}{@code u003c} and so
 * on. Used by one thread; fields appear in the order of the calls.
 *
 * <p>{@code new JsonWriter().object().field("seq", 7).end().toBytes()} gives <code>{"seq":7}</code>.
 */
public final class JsonWriter {
    private static final char[] HEX = "0123456789abcdef".toCharArray();

    private final StringBuilder out = new StringBuilder(256);
    private final StringBuilder closing = new StringBuilder(); // the brackets still to come, innermost last
    private boolean comma;

    /** Opens an object as the next value. */
    public JsonWriter object() {
        open('{', false);
        return this;
    }

    /** Opens an object as the value of a field. */
    public JsonWriter object(String name) {
        name(name);
        open('{', false);
        return this;
    }

    /** Opens an array as the next value. */
    public JsonWriter array() {
        open('[', true);
        return this;
    }

    /** Opens an array as the value of a field. */
    public JsonWriter array(String name) {
        name(name);
        open('[', true);
        return this;
    }

    /** Closes the innermost object or array. */
    public JsonWriter end() {
        int innermost = closing.length() - 1;
        out.append(closing.charAt(innermost));
        closing.setLength(innermost);
        comma = true;
        return this;
    }

    public JsonWriter field(String name, @Nullable String value) {
        name(name);
        return value(value);
    }

    public JsonWriter field(String name, long value) {
        name(name);
        return value(value);
    }

    public JsonWriter field(String name, boolean value) {
        name(name);
        return value(value);
    }

    /** A field whose value is any tree that {@link Json} could have made. */
    public JsonWriter tree(String name, @Nullable Object value) {
        name(name);
        return tree(value);
    }

    /** A field whose value is JSON already. */
    public JsonWriter raw(String name, String json) {
        name(name);
        out.append(json);
        comma = true;
        return this;
    }

    public JsonWriter value(@Nullable String value) {
        separate();
        if (value == null) {
            out.append("null");
        } else {
            quote(value);
        }
        return this;
    }

    public JsonWriter value(long value) {
        separate();
        out.append(value);
        return this;
    }

    public JsonWriter value(boolean value) {
        separate();
        out.append(value);
        return this;
    }

    /** Any tree that {@link Json} could have made, as the next value. */
    public JsonWriter tree(@Nullable Object value) {
        switch (value) {
            case null -> value((String) null);
            case String text -> value(text);
            case Boolean flag -> value(flag.booleanValue());
            case Map<?, ?> map -> {
                object();
                map.forEach((name, item) -> tree((String) name, item));
                end();
            }
            case Collection<?> items -> {
                array();
                items.forEach(this::tree);
                end();
            }
            default -> { // numbers
                separate();
                out.append(value);
            }
        }
        return this;
    }

    /** What was written, as UTF-8. */
    public byte[] toBytes() {
        return out.toString().getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return out.toString();
    }

    private void open(char bracket, boolean array) {
        separate();
        out.append(bracket);
        closing.append(array ? ']' : '}');
        comma = false;
    }

    /** A field's name; its value is the next thing written. */
    public JsonWriter name(String name) {
        separate();
        quote(name);
        out.append(':');
        comma = false;
        return this;
    }

    private void separate() {
        if (comma) {
            out.append(',');
        }
        comma = true;
    }

    private void quote(String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                case '<', '>', '&', '\u2028', '\u2029' -> escape(c);
                default -> {
                    if (c < 0x20) {
                        escape(c);
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }

    private void escape(char c) {
        out.append("\\u")
                .append(HEX[c >> 12 & 15])
                .append(HEX[c >> 8 & 15])
                .append(HEX[c >> 4 & 15])
                .append(HEX[c & 15]);
    }
}
