package io.leafd.jetstream.json;

import io.leafd.protocol.json.Json;
import io.leafd.protocol.json.JsonException;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One field of a request, with the texts that nats-server answers when its type is wrong. Immutable.
 *
 * <p>A reader walks the fields of an object in the order of the sender and decides by {@link #name}; what it does not know it
 * refuses with {@link #unknown}:
 *
 * <pre>{@code
 * for (JsonField field : JsonField.fields(body, 0, body.length, "CreateConsumerRequest")) {
 *     switch (field.name()) {
 *         case "stream_name" -> stream = field.text();
 *         default -> throw field.unknown();
 *     }
 * }
 * }</pre>
 *
 * <p>As in Go, names are compared without regard to case, and null is the zero value of every type but the enumerations.
 * Source: observed on nats-server 2.15.1 in its default strict mode.
 */
public final class JsonField {
    private static final BigInteger UNSIGNED_MAX = BigInteger.TWO.pow(64).subtract(BigInteger.ONE);

    private final String name;
    private final String sent;
    private final String path;
    private final @Nullable Object value;

    private JsonField(String sent, String path, @Nullable Object value) {
        this.name = sent.toLowerCase(Locale.ROOT);
        this.sent = sent;
        this.path = path;
        this.value = value;
    }

    /**
     * The fields of the request in these bytes; none if there are only blanks or {@code null}.
     *
     * @param type name of the Go type, shown in error texts
     * @throws InvalidJson if they hold no JSON object
     */
    public static List<JsonField> fields(byte[] buf, int offset, int length, String type) {
        if (isBlank(buf, offset, length)) {
            return List.of();
        }
        Object value;
        try {
            value = Json.parse(buf, offset, length);
        } catch (JsonException e) {
            throw new InvalidJson(String.valueOf(e.getMessage()));
        }
        if (value == null) {
            return List.of();
        }
        if (!(value instanceof Map<?, ?> map)) {
            throw new InvalidJson("json: cannot unmarshal " + kind(value) + " into Go value of type server." + type);
        }
        return fields(map, type);
    }

    /** {@link #fields(byte[], int, int, String)} of a whole array. */
    public static List<JsonField> fields(byte[] json, String type) {
        return fields(json, 0, json.length, type);
    }

    /** The name in lower case. */
    public String name() {
        return name;
    }

    /** The refusal of a field that nobody knows. */
    public InvalidJson unknown() {
        return new InvalidJson("json: unknown field \"" + sent + "\"");
    }

    /** A string. */
    public String text() {
        return switch (value) {
            case null -> "";
            case String text -> text;
            default -> throw mismatch("string");
        };
    }

    /** A truth value. */
    public boolean flag() {
        return switch (value) {
            case null -> false;
            case Boolean flag -> flag;
            default -> throw mismatch("bool");
        };
    }

    /** A whole number of 64 bits. */
    public long number() {
        return whole("int");
    }

    /** {@link #number()} of a field that nats-server declares as {@code int64}. */
    public long number64() {
        return whole("int64");
    }

    /** A whole number of 32 bits. */
    public int number32() {
        long number = whole("int32");
        if (number != (int) number) {
            throw mismatchOfNumber("int32");
        }
        return (int) number;
    }

    /** A sequence: 0 to 2^64 - 1, where everything above 2^63 - 1 is taken as that. */
    public long sequence() {
        return switch (value) {
            case null -> 0;
            case Long number when number >= 0 -> number;
            case BigInteger big when big.signum() >= 0 && big.compareTo(UNSIGNED_MAX) <= 0 -> Long.MAX_VALUE;
            case Number number -> throw mismatchOfNumber("uint64");
            default -> throw mismatch("uint64");
        };
    }

    /** A duration in nanoseconds. */
    public long durationNs() {
        return whole("time.Duration");
    }

    /** A point in time, or null. */
    public @Nullable Instant time() {
        return switch (value) {
            case null -> null;
            case String text -> GoTime.parse(text);
            default -> throw mismatch("time.Time");
        };
    }

    /** A list of strings. */
    public List<String> texts() {
        var texts = new ArrayList<String>();
        for (JsonField item : items("[]string")) {
            texts.add(item.text());
        }
        return texts;
    }

    /** A list of durations in nanoseconds. */
    public List<Long> durationsNs() {
        var durations = new ArrayList<Long>();
        for (JsonField item : items("[]time.Duration")) {
            durations.add(item.durationNs());
        }
        return durations;
    }

    /** Names and strings, in the sender's order. */
    public Map<String, String> textMap() {
        var texts = new LinkedHashMap<String, String>();
        if (value == null) {
            return texts;
        }
        if (!(value instanceof Map<?, ?> map)) {
            throw mismatch("map[string]string");
        }
        map.forEach((key, text) -> texts.put((String) key, new JsonField((String) key, path + "." + key, text).text()));
        return texts;
    }

    /**
     * The fields of a nested object.
     *
     * @param type name of its Go type
     */
    public List<JsonField> object(String type) {
        return switch (value) {
            case null -> List.of();
            case Map<?, ?> map -> fields(map, path);
            default -> throw mismatch("server." + type);
        };
    }

    /**
     * The elements of a list of objects; the fields of each are its {@link #object}.
     *
     * @param type Go type of the list, as {@code []*server.StreamSource}
     */
    public List<JsonField> objects(String type) {
        return items(type);
    }

    /** Whether the field holds {@code null}. */
    public boolean isNull() {
        return value == null;
    }

    /**
     * One of the fixed words of an enumeration.
     *
     * @param words each word as sent and what it stands for
     * @param refusal the error text for anything else, given the JSON as sent: {@code "x"} with its quotes
     */
    public <T> T oneOf(Map<String, T> words, UnaryOperator<String> refusal) {
        T found = value instanceof String word ? words.get(word) : null;
        if (found == null) {
            throw new InvalidJson(refusal.apply(source()));
        }
        return found;
    }

    /** {@link #oneOf(Map, UnaryOperator)} with the usual text, {@code can not unmarshal "\"x\""}. */
    public <T> T oneOf(Map<String, T> words) {
        return oneOf(words, JsonField::notAWord);
    }

    /** Go's usual refusal of what is no word of an enumeration. */
    static String notAWord(String json) {
        return "can not unmarshal \"" + json.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }

    private static List<JsonField> fields(Map<?, ?> map, String path) {
        var fields = new ArrayList<JsonField>(map.size());
        map.forEach((key, value) -> fields.add(new JsonField((String) key, path + "." + key, value)));
        return fields;
    }

    private List<JsonField> items(String type) {
        if (value == null) {
            return List.of();
        }
        if (!(value instanceof List<?> list)) {
            throw mismatch(type);
        }
        var items = new ArrayList<JsonField>(list.size());
        for (int i = 0; i < list.size(); i++) {
            items.add(new JsonField(String.valueOf(i), path + "." + i, list.get(i)));
        }
        return items;
    }

    private long whole(String type) {
        return switch (value) {
            case null -> 0;
            case Long number -> number;
            case Number number -> throw mismatchOfNumber(type);
            default -> throw mismatch(type);
        };
    }

    private InvalidJson mismatch(String type) {
        return new InvalidJson("json: cannot unmarshal " + kind(value) + " into " + target() + " of type " + type);
    }

    private InvalidJson mismatchOfNumber(String type) {
        return new InvalidJson("json: cannot unmarshal number " + value + " into " + target() + " of type " + type);
    }

    private String target() {
        boolean element = !name.isEmpty() && Character.isDigit(name.charAt(0)); // Go names elements without the struct
        return (element ? "" : "Go struct field ") + path;
    }

    private String source() {
        return value instanceof String text ? '"' + text + '"' : String.valueOf(value);
    }

    private static String kind(@Nullable Object value) {
        return switch (value) {
            case null -> "null";
            case Map<?, ?> map -> "object";
            case List<?> list -> "array";
            case String text -> "string";
            case Boolean flag -> "bool";
            default -> "number";
        };
    }

    private static boolean isBlank(byte[] buf, int offset, int length) {
        for (int i = offset, end = offset + length; i < end; i++) {
            if (buf[i] != ' ' && buf[i] != '\t' && buf[i] != '\r' && buf[i] != '\n') {
                return false;
            }
        }
        return true;
    }
}
