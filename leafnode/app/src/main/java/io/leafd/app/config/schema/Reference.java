package io.leafd.app.config.schema;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * Writes the table of keys for people: a Markdown reference, the body of a manual page, and a file in which every key stands
 * commented out. Immutable.
 */
public final class Reference {
    /**
     * A table with the title under which it stands in a file.
     *
     * @param home the shortest title under which this very table stands: there its keys are described
     */
    private record Titled(String title, Table table, String home) {
        boolean repeats() {
            return !title.equals(home);
        }
    }

    private final List<Titled> tables;

    public Reference(Table root) {
        List<Titled> found = new ArrayList<>();
        root.children().forEach(child -> collect("", child, found));
        tables = found.stream()
                .map(titled -> new Titled(titled.title, titled.table, home(titled.table, found)))
                .toList();
    }

    private static String home(Table table, List<Titled> tables) {
        return tables.stream()
                .filter(titled -> titled.table.equals(table))
                .map(Titled::title)
                .min(Comparator.comparingInt(String::length))
                .orElseThrow();
    }

    private static void collect(String path, Table.Child child, List<Titled> out) {
        String own = (path.isEmpty() ? "" : path + ".") + child.name();
        String named = child.shape() == Table.Shape.NAMED ? own + "." + child.exampleName() : own;
        boolean list = child.shape() == Table.Shape.LIST;
        out.add(new Titled(list ? "[[" + named + "]]" : "[" + named + "]", child.table(), ""));
        child.table().children().forEach(inner -> collect(named, inner, out));
    }

    /** One section for each table, one Markdown table row for each key. */
    public String markdown() {
        StringBuilder out = new StringBuilder();
        for (Titled titled : tables) {
            out.append("\n### `").append(titled.title).append("`\n\n");
            if (titled.repeats()) {
                out.append("The same keys as `").append(titled.home).append("`.\n");
                continue;
            }
            out.append(titled.table.doc()).append('\n');
            if (titled.table.keys().isEmpty()) {
                continue;
            }
            out.append("\n| key | value | default | reload | meaning |\n| --- | --- | --- | --- | --- |\n");
            for (Key<?> key : titled.table.keys()) {
                out.append("| `")
                        .append(key.name())
                        .append("` | ")
                        .append(key.kind().description());
                out.append(" | ").append(defaultMarkdown(key)).append(" | ");
                out.append(key.reloadable() ? "yes" : "no")
                        .append(" | ")
                        .append(key.doc())
                        .append(" |\n");
            }
        }
        return out.toString();
    }

    private static String defaultMarkdown(Key<?> key) {
        return switch (key.presence()) {
            case Key.Presence.Required() -> "**required**";
            case Key.Presence.Default(Object toml) -> "`" + TomlText.of(toml) + "`";
            case Key.Presence.Optional(String meaning) -> meaning;
        };
    }

    /** The body of {@code leafd.toml(5)}, in mdoc: one subsection for each table, one list item for each key. */
    public String mdoc() {
        StringBuilder out = new StringBuilder();
        for (Titled titled : tables) {
            out.append(".Ss ").append(titled.title).append('\n');
            if (titled.repeats()) {
                out.append("The same keys as\n.Sy ").append(titled.home).append(" .\n");
                continue;
            }
            out.append(roff(titled.table.doc())).append('\n');
            if (titled.table.keys().isEmpty()) {
                continue;
            }
            out.append(".Bl -tag -width Ds\n");
            for (Key<?> key : titled.table.keys()) {
                out.append(".It Ic ").append(key.name()).append('\n');
                out.append(roff(key.doc())).append("\n.br\n");
                out.append(roff(sentence(key.kind().description()))).append(' ');
                out.append(roff(presence(key)));
                out.append(key.reloadable() ? " Reloadable.\n" : "\n");
            }
            out.append(".El\n");
        }
        return out.toString();
    }

    private static String presence(Key<?> key) {
        return switch (key.presence()) {
            case Key.Presence.Required() -> "Required.";
            case Key.Presence.Default(Object toml) -> "Default: " + TomlText.of(toml) + ".";
            case Key.Presence.Optional(String meaning) -> "Without it: " + meaning + ".";
        };
    }

    private static String sentence(String words) {
        return words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1) + ".";
    }

    /** Text without Markdown's backticks, and with what roff would take for a command made harmless. */
    private static String roff(String text) {
        String plain = text.replace("`", "").replace("\\", "\\e");
        return plain.startsWith(".") || plain.startsWith("'") ? "\\&" + plain : plain;
    }

    /**
     * A file that says nothing but shows everything: each key commented out with its default or an example.
     *
     * @param width columns after which comments are broken
     */
    public String commentedFile(int width) {
        StringBuilder out = new StringBuilder();
        for (Titled titled : tables) {
            out.append(out.isEmpty() ? "" : "\n");
            comment(out, titled.repeats() ? "The same keys as " + titled.home + "." : titled.table.doc(), width);
            out.append('#').append(titled.title).append('\n');
            for (Key<?> key : titled.repeats() ? List.<Key<?>>of() : titled.table.keys()) {
                out.append('\n');
                comment(
                        out,
                        key.doc() + " " + (key.presence() instanceof Key.Presence.Default ? "" : presence(key)),
                        width);
                out.append('#')
                        .append(key.name())
                        .append(" = ")
                        .append(key.example())
                        .append('\n');
            }
        }
        return out.toString();
    }

    private static void comment(StringBuilder out, String text, int width) {
        StringBuilder line = new StringBuilder("#");
        for (String word : text.replace("`", "").strip().split(" +", -1)) {
            if (line.length() + 1 + word.length() > width) {
                out.append(line).append('\n');
                line = new StringBuilder("#");
            }
            line.append(' ').append(word);
        }
        out.append(line).append('\n');
    }
}
