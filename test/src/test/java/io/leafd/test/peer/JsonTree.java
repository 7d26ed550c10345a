package io.leafd.test.peer;

import io.nats.client.support.JsonParseException;
import io.nats.client.support.JsonParser;
import io.nats.client.support.JsonValue;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * JSON that a server sent, parsed by the official Java client so that a mistake in leafd's own JSON cannot hide itself. Immutable.
 *
 * <p>A path is keys joined by dots, for example {@code "state.messages"}; a number is a position in an array. Asking for what is not
 * there fails with the whole text.
 */
public final class JsonTree {

    private final String text;
    private final JsonValue root;

    private JsonTree(String text, JsonValue root) {
        this.text = text;
        this.root = root;
    }

    /** Parses a text. */
    public static JsonTree of(String text) {
        try {
            return new JsonTree(text, JsonParser.parse(text.strip()));
        } catch (JsonParseException e) {
            throw new AssertionError("no JSON: " + text, e);
        }
    }

    /** Parses UTF-8 bytes. */
    public static JsonTree of(byte[] bytes) {
        return of(new String(bytes, StandardCharsets.UTF_8));
    }

    /** Whether there is something at the path. */
    public boolean has(String path) {
        return find(path) != null;
    }

    /** A string. */
    public String text(String path) {
        return Objects.requireNonNull(at(path).string, () -> path + " is no string in " + text);
    }

    /** An integer. */
    public long number(String path) {
        return Objects.requireNonNull(at(path).number, () -> path + " is no number in " + text)
                .longValue();
    }

    /** Whether there is {@code true} at the path; nothing is {@code false}. */
    public boolean isTrue(String path) {
        JsonValue value = find(path);
        return value != null && Boolean.TRUE.equals(value.bool);
    }

    /** Strings of an array; none when there is no array. */
    public List<String> texts(String path) {
        JsonValue value = find(path);
        return value == null || value.array == null
                ? List.of()
                : value.array.stream()
                        .map(element -> Objects.requireNonNull(element.string))
                        .toList();
    }

    /** Integers of an array; none when there is no array. */
    public List<Long> numbers(String path) {
        JsonValue value = find(path);
        return value == null || value.array == null
                ? List.of()
                : value.array.stream()
                        .map(element -> Objects.requireNonNull(element.number).longValue())
                        .toList();
    }

    /** Keys of an object. */
    public Set<String> keys(String path) {
        Map<String, JsonValue> map = (path.isEmpty() ? root : at(path)).map;
        return Objects.requireNonNull(map, () -> path + " is no object in " + text)
                .keySet();
    }

    /** Length of an array. */
    public int length(String path) {
        return Objects.requireNonNull(at(path).array, () -> path + " is no array in " + text)
                .size();
    }

    /** The text as it came. */
    @Override
    public String toString() {
        return text;
    }

    private JsonValue at(String path) {
        return Objects.requireNonNull(find(path), () -> "no " + path + " in " + text);
    }

    private @Nullable JsonValue find(String path) {
        JsonValue value = root;
        for (String step : path.split("\\.")) {
            if (value == null) {
                return null;
            }
            if (value.array != null) {
                int position = Integer.parseInt(step);
                value = position < value.array.size() ? value.array.get(position) : null;
            } else {
                value = value.map == null ? null : value.map.get(step);
            }
        }
        return value;
    }
}
