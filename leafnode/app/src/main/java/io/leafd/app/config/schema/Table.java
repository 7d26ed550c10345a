package io.leafd.app.config.schema;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A TOML table and the keys it may have. Immutable.
 *
 * @param doc     sentences for the box owner, in Markdown without line breaks
 * @param refused names that people write here and must not, with the reason and what to write instead
 */
public record Table(String doc, List<Key<?>> keys, List<Child> children, Map<String, String> refused) {

    /** How often a table may stand inside another. */
    public enum Shape {
        /** Once; where no file has it, all its defaults hold. */
        ALWAYS,
        /** Once or not at all; its absence has a meaning of its own. */
        OPTIONAL,
        /** A table of tables under names that the box owner chooses: {@code [upstream.hq]}. */
        NAMED,
        /** An array of tables: {@code [[streams]]}. */
        LIST
    }

    /** @param exampleName the name in place of the owner's in the documentation; empty unless {@code NAMED} */
    public record Child(String name, Shape shape, Table table, String exampleName) {}

    public static Table of(String doc, Key<?>... keys) {
        return new Table(doc, List.of(keys), List.of(), Map.of());
    }

    public Table with(String name, Shape shape, Table table) {
        return withChild(new Child(name, shape, table, ""));
    }

    public Table withNamed(String name, Table table, String exampleName) {
        return withChild(new Child(name, Shape.NAMED, table, exampleName));
    }

    private Table withChild(Child child) {
        return new Table(
                doc, keys, Stream.concat(children.stream(), Stream.of(child)).toList(), refused);
    }

    public Table refusing(Map<String, String> names) {
        return new Table(doc, keys, children, Map.copyOf(names));
    }

    /** Every name that may stand in this table, in the order of the documentation. */
    List<String> names() {
        return Stream.concat(keys.stream().map(Key::name), children.stream().map(Child::name))
                .toList();
    }
}
