package io.leafd.broker.net;

import io.leafd.protocol.json.Json;
import io.leafd.protocol.json.JsonException;
import io.leafd.security.login.Claim;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a client wants, from its CONNECT. Immutable.
 *
 * <p>An absent key has the default that nats-server gives it: verbose, pedantic and echo are on. {@code null} counts as
 * absent, an unknown key is ignored.
 */
record ConnectOptions(
        boolean verbose,
        boolean pedantic,
        boolean echo,
        boolean headers,
        boolean noResponders,
        long protocol,
        String name,
        String lang,
        String version,
        @Nullable String account,
        boolean newAccount,
        Claim claim) {
    /** Of a client that never sent CONNECT. */
    static final ConnectOptions NONE =
            new ConnectOptions(true, true, true, false, false, 0, "", "", "", null, false, Claim.NOTHING);

    /**
     * The options in a CONNECT's JSON.
     *
     * @throws JsonException if it is no JSON object, or a key has a value of the wrong type
     */
    static ConnectOptions parse(byte[] buf, int offset, int length) {
        Map<String, @Nullable Object> json = Json.parseObject(buf, offset, length);
        Claim claim = new Claim(
                text(json, "user"),
                text(json, "pass"),
                text(json, "auth_token"),
                text(json, "nkey"),
                text(json, "sig"));
        return new ConnectOptions(
                fact(json, "verbose", true),
                fact(json, "pedantic", true),
                fact(json, "echo", true),
                fact(json, "headers", false),
                fact(json, "no_responders", false),
                number(json, "protocol"),
                orEmpty(text(json, "name")),
                orEmpty(text(json, "lang")),
                orEmpty(text(json, "version")),
                text(json, "account"),
                fact(json, "new_account", false),
                claim);
    }

    private static boolean fact(Map<String, @Nullable Object> json, String key, boolean absent) {
        Object value = json.get(key);
        return switch (value) {
            case null -> absent;
            case Boolean fact -> fact;
            default -> throw new JsonException("\"" + key + "\" is not true or false");
        };
    }

    private static long number(Map<String, @Nullable Object> json, String key) {
        Object value = json.get(key);
        return switch (value) {
            case null -> 0;
            case Long number -> number;
            default -> throw new JsonException("\"" + key + "\" is not a whole number");
        };
    }

    private static @Nullable String text(Map<String, @Nullable Object> json, String key) {
        Object value = json.get(key);
        return switch (value) {
            case null -> null;
            case String text -> text;
            default -> throw new JsonException("\"" + key + "\" is not a text");
        };
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }
}
