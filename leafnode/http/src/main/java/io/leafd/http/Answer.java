package io.leafd.http;

import java.nio.charset.StandardCharsets;

/**
 * What a page says. Immutable.
 *
 * @param status HTTP status
 * @param contentType with its charset
 * @param body not copied
 */
record Answer(int status, String contentType, byte[] body) {
    static Answer json(int status, String json) {
        return new Answer(status, "application/json", PrettyJson.indent(json).getBytes(StandardCharsets.UTF_8));
    }

    static Answer text(int status, String text) {
        return new Answer(status, "text/plain; charset=utf-8", (text + "\n").getBytes(StandardCharsets.UTF_8));
    }
}
