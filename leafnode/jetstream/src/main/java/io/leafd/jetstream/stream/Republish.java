package io.leafd.jetstream.stream;

import io.leafd.jetstream.json.JsonField;
import java.util.LinkedHashMap;
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

    /** As {@link io.leafd.protocol.json.JsonWriter#tree} writes it. */
    Object tree() {
        var tree = new LinkedHashMap<String, Object>();
        if (!source.isEmpty()) {
            tree.put("src", source);
        }
        tree.put("dest", destination);
        if (headersOnly) {
            tree.put("headers_only", true);
        }
        return tree;
    }
}
