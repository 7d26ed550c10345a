package io.leafd.jetstream.api;

import io.leafd.protocol.json.JsonWriter;

/**
 * One error as it is answered. Immutable.
 *
 * @param error which one
 * @param description its text with the values filled in
 */
public record Fault(JsError error, String description) {
    /** Writes {@code "error":{"code":…,"err_code":…,"description":"…"}} into an open object. */
    public void write(JsonWriter json) {
        json.object("error")
                .field("code", error.code())
                .field("err_code", error.errCode())
                .field("description", description)
                .end();
    }
}
