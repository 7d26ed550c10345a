package io.leafd.app.client;

import io.leafd.protocol.json.JsonWriter;
import io.leafd.security.nkey.NkeySeed;

/** How a client says who it is: adds fields to its CONNECT. Immutable. */
@FunctionalInterface
public interface Login {
    /** Where nobody has to log in. */
    Login NONE = (connect, nonce) -> {};

    /** @param nonce of the server's INFO */
    void addTo(JsonWriter connect, String nonce);

    static Login of(String user, String password) {
        return (connect, nonce) -> connect.field("user", user).field("pass", password);
    }

    /** By signing the nonce. The seed stays open as long as logins are made with it. */
    static Login of(NkeySeed seed) {
        return (connect, nonce) -> connect.field("nkey", seed.nkey().text()).field("sig", seed.signNonce(nonce));
    }
}
