package io.leafd.protocol.json;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a JSON object by the type they must have. Immutable.
 *
 * <p>A field that is missing or {@code null} has the value for absence; one of another type is a {@link JsonException} that names it
 * and repeats nothing of its value, which may be a secret.
 */
public final class JsonFields {
    private final Map<String, @Nullable Object> fields;

    private JsonFields(Map<String, @Nullable Object> fields) {
        this.fields = fields;
    }

    /**
     * Reads an object.
     *
     * @throws JsonException if it is none
     */
    public static JsonFields parse(byte[] buf, int offset, int length) {
        return new JsonFields(Json.parseObject(buf, offset, length));
    }

    /** Null if absent. */
    public @Nullable String textOrNull(String key) {
        return switch (fields.get(key)) {
            case null -> null;
            case String text -> text;
            default -> throw new JsonException("\"" + key + "\" is not a text");
        };
    }

    /** Empty if absent. */
    public String text(String key) {
        String text = textOrNull(key);
        return text == null ? "" : text;
    }

    public boolean fact(String key, boolean absent) {
        return switch (fields.get(key)) {
            case null -> absent;
            case Boolean fact -> fact;
            default -> throw new JsonException("\"" + key + "\" is not true or false");
        };
    }

    /** 0 if absent. */
    public long number(String key) {
        return switch (fields.get(key)) {
            case null -> 0;
            case Long number -> number;
            default -> throw new JsonException("\"" + key + "\" is not a whole number");
        };
    }

    /** Empty if absent. */
    public List<String> texts(String key) {
        return switch (fields.get(key)) {
            case null -> List.of();
            case List<?> list
            when list.stream().allMatch(String.class::isInstance) ->
                list.stream().map(String.class::cast).toList();
            default -> throw new JsonException("\"" + key + "\" is not a list of texts");
        };
    }
}
