package io.leafd.jetstream.stream;

import io.leafd.jetstream.json.JsonField;
import io.leafd.protocol.json.JsonWriter;
import java.util.List;

/**
 * That and how a stream publishes again what it stored. Immutable.
 *
 * @param source filter of the stored subjects to publish again; empty means all
 * @param destination where to
 * @param headersOnly whether the payload is left out
 */
public record Republish(String source, String destination, boolean headersOnly) {
    static Republish read(List<JsonField> fields) {
        String source = "";
        String destination = "";
        boolean headersOnly = false;
        for (JsonField field : fields) {
            switch (field.name()) {
                case "src" -> source = field.text();
                case "dest" -> destination = field.text();
                case "headers_only" -> headersOnly = field.flag();
                default -> throw field.unknown();
            }
        }
        return new Republish(source, destination, headersOnly);
    }

    void write(JsonWriter json) {
        json.object();
        if (!source.isEmpty()) {
            json.field("src", source);
        }
        json.field("dest", destination);
        if (headersOnly) {
            json.field("headers_only", true);
        }
        json.end();
    }
}
