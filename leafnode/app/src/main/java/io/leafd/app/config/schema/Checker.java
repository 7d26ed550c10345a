package io.leafd.app.config.schema;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Holds a tree of TOML against the table of keys: unknown names, wrong types, values out of range, missing keys. Goes on after
 * every problem. Owned by the reading thread.
 */
final class Checker {
    private static final Pattern SEED = Pattern.compile("S[ACNOPUX][A-Z2-7]{56}");

    private final Problems problems;

    Checker(Problems problems) {
        this.problems = problems;
    }

    Section root(Table table, TomlNode.Tree tree) {
        return section(table, "the file", "", tree);
    }

    private Section section(Table table, String title, String name, TomlNode.Tree tree) {
        reportUnknown(table, title, tree);
        Map<String, Section.Setting<?>> settings = new LinkedHashMap<>();
        for (Key<?> key : table.keys()) {
            settings.put(key.name(), setting(key, title, tree));
        }
        Map<String, List<Section>> children = new LinkedHashMap<>();
        for (Table.Child child : table.children()) {
            children.put(child.name(), children(child, path(title, child.name()), tree));
        }
        return new Section(title, name, tree.position(), settings, children);
    }

    private void reportUnknown(Table table, String title, TomlNode.Tree tree) {
        List<String> names = table.names();
        tree.entries().forEach((name, node) -> {
            String reason = table.refused().get(name);
            if (reason != null) {
                problems.add(node.position(), reason);
            } else if (!names.contains(name)) {
                String what = isTable(node) ? "table" : "key";
                problems.add(
                        node.position(),
                        "unknown " + what + " " + TomlText.quote(name) + " in " + title + hint(table, name));
            }
        });
    }

    /** The nearest name of this table, or the tables in it that have this very key. */
    private static String hint(Table table, String name) {
        String near = Spelling.hint(name, table.names());
        if (!near.isEmpty()) {
            return near;
        }
        String owners = table.children().stream()
                .filter(child -> child.shape() != Table.Shape.LIST
                        && child.table().names().contains(name))
                .map(child -> "[" + child.name() + (child.shape() == Table.Shape.NAMED ? ".NAME]" : "]"))
                .collect(Collectors.joining(", "));
        return owners.isEmpty() ? "" : "; it is a key of " + owners;
    }

    private static boolean isTable(TomlNode node) {
        return node instanceof TomlNode.Tree || (node instanceof TomlNode.Array array && array.ofTables());
    }

    private <T> Section.Setting<T> setting(Key<T> key, String title, TomlNode.Tree tree) {
        TomlNode node = tree.entries().get(key.name());
        if (node != null) {
            return new Section.Setting<>(key, read(key, title, node), node.position(), true);
        }
        if (key.presence() instanceof Key.Presence.Default(Object toml)) {
            return new Section.Setting<>(key, defaultOf(key, toml), tree.position(), false);
        }
        if (key.presence() instanceof Key.Presence.Required) {
            problems.add(
                    tree.position(),
                    key.name() + " is missing in " + title + "; for example: " + key.name() + " = " + key.example());
        }
        return new Section.Setting<>(key, null, tree.position(), false);
    }

    private static <T> T defaultOf(Key<T> key, Object toml) {
        try {
            return key.kind().reader().read(toml, Position.DEFAULTS);
        } catch (BadValueException e) {
            throw new IllegalStateException("the default of " + key.name() + " is bad: " + e.getMessage(), e);
        }
    }

    private <T> @Nullable T read(Key<T> key, String title, TomlNode node) {
        try {
            return key.kind().reader().read(plain(node), node.position());
        } catch (BadValueException e) {
            problems.add(node.position(), key.name() + " in " + title + ": " + e.getMessage());
            return null;
        }
    }

    /** The value without positions, as a kind reads it. */
    private static Object plain(TomlNode node) throws BadValueException {
        if (node instanceof TomlNode.Array array) {
            List<Object> items = new ArrayList<>();
            for (TomlNode item : array.items()) {
                items.add(plain(item));
            }
            return items;
        }
        if (!(node instanceof TomlNode.Scalar(Position position, Object value))) {
            throw new BadValueException("a table cannot stand here");
        }
        if (value instanceof String text && SEED.matcher(text).matches()) {
            throw new BadValueException("this is an NKEY seed, and a secret does not belong in this file; put it"
                    + " into a file of mode 0600 and name that file (nkey_seed_file)");
        }
        return value;
    }

    private List<Section> children(Table.Child child, String path, TomlNode.Tree parent) {
        TomlNode node = parent.entries().get(child.name());
        return switch (child.shape()) {
            case ALWAYS, OPTIONAL -> {
                if (node instanceof TomlNode.Tree tree) {
                    yield List.of(section(child.table(), "[" + path + "]", child.name(), tree));
                }
                complain(node, "[" + path + "]");
                yield child.shape() == Table.Shape.OPTIONAL
                        ? List.of()
                        : List.of(section(
                                child.table(), "[" + path + "]", child.name(), TomlNode.Tree.empty(parent.position())));
            }
            case NAMED -> named(child, path, node);
            case LIST -> list(child, path, node);
        };
    }

    private List<Section> named(Table.Child child, String path, @Nullable TomlNode node) {
        if (!(node instanceof TomlNode.Tree tree)) {
            complain(node, "[" + path + "." + child.exampleName() + "]");
            return List.of();
        }
        List<Section> sections = new ArrayList<>();
        tree.entries().forEach((name, entry) -> {
            String title = "[" + path + "." + name + "]";
            if (entry instanceof TomlNode.Tree own) {
                sections.add(section(child.table(), title, name, own));
            } else {
                problems.add(
                        entry.position(),
                        TomlText.quote(name) + " in [" + path + "] is " + TomlValues.name(entry)
                                + ", but a table belongs here: " + title);
            }
        });
        return List.copyOf(sections);
    }

    private List<Section> list(Table.Child child, String path, @Nullable TomlNode node) {
        String title = "[[" + path + "]]";
        if (!(node instanceof TomlNode.Array array)) {
            complain(node, title);
            return List.of();
        }
        List<Section> sections = new ArrayList<>();
        for (TomlNode item : array.items()) {
            if (item instanceof TomlNode.Tree tree) {
                sections.add(section(child.table(), title, child.name(), tree));
            } else {
                complain(item, title);
            }
        }
        return List.copyOf(sections);
    }

    private void complain(@Nullable TomlNode node, String title) {
        if (node != null) {
            problems.add(node.position(), "this is " + TomlValues.name(node) + ", but a table belongs here: " + title);
        }
    }

    /** The path of a child of a titled table: {@code [a.b]} and {@code c} give {@code a.b.c}. */
    private static String path(String title, String child) {
        if (!title.startsWith("[")) {
            return child;
        }
        return title.replace("[", "").replace("]", "") + "." + child;
    }
}
