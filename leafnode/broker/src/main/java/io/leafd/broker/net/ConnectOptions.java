package io.leafd.broker.net;

import io.leafd.protocol.json.JsonException;
import io.leafd.protocol.json.JsonFields;
import io.leafd.security.login.Claim;
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
        JsonFields json = JsonFields.parse(buf, offset, length);
        Claim claim = new Claim(
                json.textOrNull("user"),
                json.textOrNull("pass"),
                json.textOrNull("auth_token"),
                json.textOrNull("nkey"),
                json.textOrNull("sig"));
        return new ConnectOptions(
                json.fact("verbose", true),
                json.fact("pedantic", true),
                json.fact("echo", true),
                json.fact("headers", false),
                json.fact("no_responders", false),
                json.number("protocol"),
                json.text("name"),
                json.text("lang"),
                json.text("version"),
                json.textOrNull("account"),
                json.fact("new_account", false),
                claim);
    }
}
