package io.leafd.security.creds;

import io.leafd.security.SecurityConfigException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;

/**
 * One JSON object of a JWT, read whole: header, claims, or an object within them. Immutable.
 *
 * <p>A member that is absent or null gives the default; one of another type than asked for is an error, as it would change
 * what a permission means. Bounds: the caller's text, and the nesting of 500 that the parser allows.
 */
record Claims(Map<String, Object> members, String where) {
    private static final Pattern WORD = Pattern.compile("[A-Za-z0-9._-]{1,19}");
    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    /** Reads an object that is all of the text. */
    static Claims parse(byte[] json, String where) {
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw damaged(where, "is no JSON object", null);
            }
            Claims claims = new Claims(object(parser), where);
            if (parser.nextToken() != null) {
                throw damaged(where, "has text after its JSON object", null);
            }
            return claims;
        } catch (JacksonException e) {
            TokenStreamLocation at =
                    e.getLocation(); // only that: the library's words quote the text, which may hold a secret
            String place = at == null ? "" : ": line " + at.getLineNr() + ", character " + at.getColumnNr();
            throw damaged(where, "is no JSON" + place, null);
        }
    }

    static SecurityConfigException damaged(String where, String problem, @Nullable Throwable cause) {
        return new SecurityConfigException(where, problem, "get the credentials again from whoever issued them", cause);
    }

    /** A value for a message: what is longer than a word may be a secret in a wrong place. */
    static String shown(String value) {
        return WORD.matcher(value).matches() ? value : "something else";
    }

    private static Map<String, Object> object(JsonParser parser) {
        Map<String, Object> members = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            parser.nextToken();
            Object value = value(parser);
            if (value != null) {
                members.put(name, value);
            }
        }
        return members;
    }

    private static List<Object> array(JsonParser parser) {
        List<Object> elements = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            Object element = value(parser);
            if (element != null) {
                elements.add(element);
            }
        }
        return elements;
    }

    private static @Nullable Object value(JsonParser parser) {
        return switch (parser.currentToken()) {
            case START_OBJECT -> object(parser);
            case START_ARRAY -> array(parser);
            case VALUE_STRING -> parser.getString();
            case VALUE_NUMBER_INT -> parser.getLongValue();
            case VALUE_NUMBER_FLOAT -> (long) parser.getDoubleValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case null, default -> null;
        };
    }

    /** A string member; empty if absent. */
    String string(String name) {
        return member(name, String.class, "");
    }

    /** A number member; 0 if absent. A fraction is cut off. */
    long number(String name) {
        return member(name, Long.class, 0L);
    }

    /** A boolean member; false if absent. */
    boolean bool(String name) {
        return member(name, Boolean.class, false);
    }

    /** A list of strings; empty if absent. */
    List<String> strings(String name) {
        List<String> strings = new ArrayList<>();
        for (Object element : member(name, List.class, List.of())) {
            strings.add(typed(name, element, String.class));
        }
        return strings;
    }

    /** An object member; an empty object if absent. */
    Claims object(String name) {
        Map<String, Object> inner = new LinkedHashMap<>();
        Map<?, ?> found = member(name, Map.class, Map.of());
        found.forEach((key, value) -> inner.put((String) key, value));
        return new Claims(inner, where);
    }

    boolean has(String name) {
        return members.containsKey(name);
    }

    private <T> T member(String name, Class<T> type, T absent) {
        Object value = members.get(name);
        return value == null ? absent : typed(name, value, type);
    }

    private <T> T typed(String name, Object value, Class<T> type) {
        if (!type.isInstance(value)) {
            throw damaged(where, "\"" + name + "\" is not of the type that it must have", null);
        }
        return type.cast(value);
    }
}
