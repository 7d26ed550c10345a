package io.leafd.app.config.schema;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A parsed TOML value that remembers where it stands. Immutable. */
sealed interface TomlNode {
    Position position();

    /** @param value String (already substituted), Long, Double, Boolean, or one of TOML's dates */
    record Scalar(Position position, Object value) implements TomlNode {}

    record Array(Position position, List<TomlNode> items) implements TomlNode {
        boolean ofTables() {
            return !items.isEmpty() && items.stream().allMatch(Tree.class::isInstance);
        }
    }

    /** @param entries in the order of the file */
    record Tree(Position position, Map<String, TomlNode> entries) implements TomlNode {
        public Tree {
            entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
        }

        static Tree empty(Position position) {
            return new Tree(position, Map.of());
        }

        /**
         * This table with another laid over it: tables are joined key by key, everything else (arrays too) is replaced.
         *
         * @param later says what holds where both speak
         */
        Tree overlaidBy(Tree later, Problems problems) {
            Map<String, TomlNode> merged = new LinkedHashMap<>(entries);
            later.entries.forEach((name, node) -> {
                TomlNode earlier = merged.get(name);
                if (earlier instanceof Tree below && node instanceof Tree above) {
                    merged.put(name, below.overlaidBy(above, problems));
                } else if (earlier != null && earlier instanceof Tree != node instanceof Tree) {
                    problems.add(
                            node.position(),
                            "\"" + name + "\" is " + TomlValues.name(node) + " here and " + TomlValues.name(earlier)
                                    + " at " + earlier.position());
                } else {
                    merged.put(name, node);
                }
            });
            return new Tree(position, merged);
        }
    }
}
