package io.leafd.http;

import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a request. Immutable.
 *
 * @param path without parameters
 * @param values by name, as sent
 */
record Query(String path, Map<String, List<String>> values) {
    static Query parse(String uri) {
        var decoder = new QueryStringDecoder(uri);
        return new Query(decoder.path(), decoder.parameters());
    }

    /** A text, or null if it is absent or empty. */
    @Nullable
    String text(String name) {
        List<String> all = values.get(name);
        return all == null || all.getFirst().isEmpty() ? null : all.getFirst();
    }

    /**
     * True for {@code 1} and {@code true}, false if absent, {@code 0} or {@code false}.
     *
     * @throws BadQueryException for anything else
     */
    boolean fact(String name) {
        String value = text(name);
        return switch (value) {
            case null -> false;
            case "1", "true" -> true;
            case "0", "false" -> false;
            default -> throw new BadQueryException("parameter \"" + name + "\" is not true or false: " + value);
        };
    }

    /**
     * A whole number from 0.
     *
     * @throws BadQueryException for anything else
     */
    int number(String name, int absent) {
        String value = text(name);
        if (value == null) {
            return absent;
        }
        try {
            int number = Integer.parseInt(value);
            if (number >= 0) {
                return number;
            }
        } catch (NumberFormatException e) {
            // said below, with the value
        }
        throw new BadQueryException("parameter \"" + name + "\" is not a whole number from 0: " + value);
    }
}
