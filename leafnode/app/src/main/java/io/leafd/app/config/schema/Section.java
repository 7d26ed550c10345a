package io.leafd.app.config.schema;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A table of the file after it was held against its {@link Table}: typed values with defaults filled in, each with its place.
 * Immutable.
 */
public final class Section {
    /**
     * @param value null when the file's value was bad (a problem is reported) or absent without a default
     * @param set   whether a file says it
     */
    record Setting<T>(Key<T> key, @Nullable T value, Position position, boolean set) {
        String shown() {
            return value == null ? "" : key.kind().show(value);
        }
    }

    private final String title;
    private final String name;
    private final Position position;
    private final Map<String, Setting<?>> settings;
    private final Map<String, List<Section>> children;

    Section(
            String title,
            String name,
            Position position,
            Map<String, Setting<?>> settings,
            Map<String, List<Section>> children) {
        this.title = title;
        this.name = name;
        this.position = position;
        this.settings = settings;
        this.children = children;
    }

    /** As in the file: {@code [server]}, {@code [[streams]]}. */
    public String title() {
        return title;
    }

    /** What the box owner called it: {@code hq} of {@code [upstream.hq]}; otherwise the table's own name. */
    public String name() {
        return name;
    }

    public Position position() {
        return position;
    }

    /**
     * The value of a key that is required or has a default.
     *
     * @throws IllegalStateException when there is none; cannot happen once a reading had no problems
     */
    public <T> T get(Key<T> key) {
        T value = find(key);
        if (value == null) {
            throw new IllegalStateException("no value for " + key.name() + " in " + title);
        }
        return value;
    }

    /** The value, or null when there is none or the file's is bad. */
    @SuppressWarnings("unchecked") // settings are filled by key, with values of the key's own kind
    public <T> @Nullable T find(Key<T> key) {
        return (T) setting(key).value();
    }

    /** Whether a file says it, be it good or bad. */
    public boolean isSet(Key<?> key) {
        return setting(key).set();
    }

    /** Where the key stands, or where its table does. */
    public Position positionOf(Key<?> key) {
        return setting(key).position();
    }

    private Setting<?> setting(Key<?> key) {
        Setting<?> setting = settings.get(key.name());
        if (setting == null || !setting.key().equals(key)) {
            throw new IllegalArgumentException(key.name() + " is no key of " + title);
        }
        return setting;
    }

    /** The tables under a name, in the order of the file. */
    public List<Section> all(String child) {
        return children.getOrDefault(child, List.of());
    }

    /** The table under a name of which there is at most one. */
    public @Nullable Section find(String child) {
        List<Section> all = all(child);
        return all.isEmpty() ? null : all.getFirst();
    }

    /** The table under a name that is always there. */
    public Section get(String child) {
        return all(child).getFirst();
    }

    /** Every value that holds, defaults included, from the top down. */
    public Effective effective() {
        List<Effective.Entry> entries = new ArrayList<>();
        collect("", entries);
        return new Effective(entries);
    }

    private void collect(String path, List<Effective.Entry> out) {
        for (Setting<?> setting : settings.values()) {
            Object value = setting.value();
            if (value != null) {
                out.add(new Effective.Entry(path, title, setting.key(), value, setting.shown(), setting.set()));
            }
        }
        children.values().forEach(sections -> {
            for (int i = 0; i < sections.size(); i++) {
                Section section = sections.get(i);
                String index = section.title.startsWith("[[") ? "[" + i + "]" : "";
                String relative = section.bare().substring(bare().length());
                section.collect(path + relative + index, out);
            }
        });
    }

    /** The title without brackets; empty for the root. */
    private String bare() {
        return title.startsWith("[") ? title.replace("[", "").replace("]", "") : "";
    }
}
