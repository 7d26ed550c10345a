package io.leafd.jetstream.stream;

import io.leafd.jetstream.json.JsonField;
import io.leafd.protocol.json.JsonWriter;
import java.util.List;

/**
 * Where in a cluster a stream would like to live: kept and shown, without effect on a single node. Immutable.
 */
record Placement(String cluster, List<String> tags, String preferred) {
    static final Placement NONE = new Placement("", List.of(), "");

    static Placement read(List<JsonField> fields) {
        String cluster = "";
        List<String> tags = List.of();
        String preferred = "";
        for (JsonField field : fields) {
            switch (field.name()) {
                case "cluster" -> cluster = field.text();
                case "tags" -> tags = List.copyOf(field.texts());
                case "preferred" -> preferred = field.text();
                default -> throw field.unknown();
            }
        }
        return new Placement(cluster, tags, preferred);
    }

    void write(JsonWriter json) {
        json.object();
        if (!cluster.isEmpty()) {
            json.field("cluster", cluster);
        }
        if (!tags.isEmpty()) {
            json.array("tags");
            tags.forEach(json::value);
            json.end();
        }
        if (!preferred.isEmpty()) {
            json.field("preferred", preferred);
        }
        json.end();
    }
}
