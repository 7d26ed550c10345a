package io.leafd.app.config.schema;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Every value that holds, flat and printable, secrets hidden. Immutable. */
public record Effective(List<Entry> entries) {

    /**
     * @param path  of the table: {@code upstream.hq.forward[0]}
     * @param title as in the file: {@code [[upstream.hq.forward]]}
     * @param value only to be compared: it may be a secret that {@code shown} hides
     * @param shown the value in its one spelling, as TOML
     * @param set   whether a file says it; otherwise it is the default
     */
    public record Entry(String path, String title, Key<?> key, Object value, String shown, boolean set) {
        public String name() {
            return path.isEmpty() ? key.name() : path + "." + key.name();
        }

        @Override
        public String toString() {
            return name() + " = " + shown;
        }
    }

    /**
     * What differs between two readings of one key.
     *
     * @param before null when the key was not there
     * @param after  null when the key is gone
     */
    public record Change(
            String name, @Nullable String before, @Nullable String after, boolean reloadable) {
        @Override
        public String toString() {
            return name + ": " + (before == null ? "(none)" : before) + " -> " + (after == null ? "(none)" : after);
        }
    }

    public Effective {
        entries = List.copyOf(entries);
    }

    /** What a later reading says differently, in the order of this one and then what is new. */
    public List<Change> changesTo(Effective later) {
        Map<String, Entry> before = byName();
        Map<String, Entry> after = later.byName();
        List<Change> changes = new ArrayList<>();
        before.forEach((name, entry) -> {
            Entry now = after.get(name);
            if (now == null || !now.value.equals(entry.value)) {
                changes.add(new Change(name, entry.shown, now == null ? null : now.shown, entry.key.reloadable()));
            }
        });
        after.forEach((name, entry) -> {
            if (!before.containsKey(name)) {
                changes.add(new Change(name, null, entry.shown, entry.key.reloadable()));
            }
        });
        return changes;
    }

    private Map<String, Entry> byName() {
        Map<String, Entry> byName = new LinkedHashMap<>();
        entries.forEach(entry -> byName.put(entry.name(), entry));
        return byName;
    }

    /** As a TOML file with all tables; a comment marks what no file says. */
    public String toToml() {
        StringBuilder out = new StringBuilder();
        String path = "";
        for (Entry entry : entries) {
            if (!entry.path.equals(path)) {
                path = entry.path;
                out.append(out.isEmpty() ? "" : "\n").append(entry.title).append('\n');
            }
            out.append(entry.key.name()).append(" = ").append(entry.shown);
            out.append(entry.set ? "\n" : "  # default\n");
        }
        return out.toString();
    }
}
