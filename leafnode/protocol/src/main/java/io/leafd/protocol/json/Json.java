package io.leafd.protocol.json;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads JSON into plain values. Any thread.
 *
 * <p>Shape: object = {@link Map} in source order, array = {@link List}, text = {@link String}, whole number = {@link
 * Long} (or {@link java.math.BigInteger} beyond 64 bits), other number = {@link Double}, {@link Boolean}, null. Bounds:
 * nesting {@value #DEPTH_MAX} deep. Strict: no comments, no trailing commas, nothing behind the value; a name twice in an object keeps the
 * last value, as in Go.
 */
public final class Json {
    /** Deeper than any request, and shallow enough for the small stack of an event loop. */
    private static final int DEPTH_MAX = 64;

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(DEPTH_MAX).build())
            .build();
    private static final int REPLACEMENT = 0xFFFD;

    private Json() {}

    /**
     * The value in {@code length} bytes of UTF-8.
     *
     * @throws JsonException if they are not exactly one JSON value
     */
    public static @Nullable Object parse(byte[] buf, int offset, int length) {
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), buf, offset, length)) {
            JsonToken first = parser.nextToken();
            if (first == null) {
                throw new JsonException("unexpected end of JSON input");
            }
            Object value = value(parser, first);
            if (parser.nextToken() != null) {
                throw new JsonException("more than one JSON value");
            }
            return value;
        } catch (JacksonException e) {
            throw new JsonException(e.getOriginalMessage(), e);
        }
    }

    /** {@link #parse(byte[], int, int)} of a whole array. */
    public static @Nullable Object parse(byte[] json) {
        return parse(json, 0, json.length);
    }

    /**
     * The object in these bytes.
     *
     * @throws JsonException if they hold anything else
     */
    @SuppressWarnings("unchecked") // parse makes no map with other types
    public static Map<String, @Nullable Object> parseObject(byte[] buf, int offset, int length) {
        if (parse(buf, offset, length) instanceof Map<?, ?> map) {
            return (Map<String, @Nullable Object>) map;
        }
        throw new JsonException("a JSON object was expected");
    }

    /** {@link #parseObject(byte[], int, int)} of a whole array. */
    public static Map<String, @Nullable Object> parseObject(byte[] json) {
        return parseObject(json, 0, json.length);
    }

    private static @Nullable Object value(JsonParser parser, JsonToken token) {
        return switch (token) {
            case START_OBJECT -> object(parser);
            case START_ARRAY -> array(parser);
            case VALUE_STRING -> text(parser.getString());
            case VALUE_NUMBER_INT -> whole(parser);
            case VALUE_NUMBER_FLOAT -> fraction(parser);
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            default -> throw new JsonException("unexpected " + token);
        };
    }

    /** Half of a surrogate pair, which only an escape can bring, becomes U+FFFD, as in Go: UTF-8 has no bytes for it. */
    private static String text(String read) {
        int at = 0;
        while (at < read.length() && !Character.isSurrogate(read.charAt(at))) {
            at++;
        }
        if (at == read.length()) {
            return read;
        }
        return read.codePoints()
                .map(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? REPLACEMENT : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private static double fraction(JsonParser parser) {
        double value = parser.getDoubleValue();
        if (Double.isInfinite(value)) {
            throw new JsonException("a number is out of range");
        }
        return value;
    }

    private static Object whole(JsonParser parser) {
        return switch (parser.getNumberType()) {
            case INT, LONG -> parser.getLongValue();
            default -> parser.getBigIntegerValue();
        };
    }

    private static Map<String, @Nullable Object> object(JsonParser parser) {
        var map = new LinkedHashMap<String, @Nullable Object>();
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_OBJECT; token = parser.nextToken()) {
            String name = text(parser.currentName());
            map.put(name, value(parser, parser.nextToken()));
        }
        return map;
    }

    private static List<@Nullable Object> array(JsonParser parser) {
        var list = new ArrayList<@Nullable Object>();
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            list.add(value(parser, token));
        }
        return list;
    }
}
