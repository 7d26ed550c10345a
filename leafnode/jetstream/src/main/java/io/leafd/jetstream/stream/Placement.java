package io.leafd.jetstream.stream;

import io.leafd.jetstream.json.JsonField;
import java.util.LinkedHashMap;
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

    /** As {@link io.leafd.protocol.json.JsonWriter#tree} writes it. */
    Object tree() {
        var tree = new LinkedHashMap<String, Object>();
        if (!cluster.isEmpty()) {
            tree.put("cluster", cluster);
        }
        if (!tags.isEmpty()) {
            tree.put("tags", tags);
        }
        if (!preferred.isEmpty()) {
            tree.put("preferred", preferred);
        }
        return tree;
    }
}
