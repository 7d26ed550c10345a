package io.leafd.jetstream.stream;

import io.leafd.jetstream.json.JsonField;
import java.util.LinkedHashMap;
import java.util.List;

/**
 * A mapping of subjects as configured. Immutable.
 *
 * @param source filter of the subjects it applies to; empty for all
 * @param destination what they become, empty for no change; see {@link SubjectTransform}
 */
public record SubjectMapping(String source, String destination) {
    static SubjectMapping read(List<JsonField> fields) {
        String source = "";
        String destination = "";
        for (JsonField field : fields) {
            switch (field.name()) {
                case "src" -> source = field.text();
                case "dest" -> destination = field.text();
                default -> throw field.unknown();
            }
        }
        return new SubjectMapping(source, destination);
    }

    /** As {@link io.leafd.protocol.json.JsonWriter#tree} writes it. */
    Object tree() {
        var tree = new LinkedHashMap<String, Object>();
        tree.put("src", source);
        tree.put("dest", destination);
        return tree;
    }
}
