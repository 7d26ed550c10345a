package io.leafd.app.config.schema;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Reads files against a table of keys. Immutable. */
public record Schema(Table root) {

    /**
     * What was read. There may be problems in it.
     *
     * @param root  all values
     * @param files which were read, main file first
     */
    public record Reading(Section root, List<Path> files) {}

    /**
     * Reads a file and those of {@code conf.d} beside it.
     *
     * @param environment for <code>${NAME}</code>
     * @param problems    gets every problem; values that have one are missing in the result
     * @throws ConfigException when the files cannot be read or are no TOML
     */
    public Reading read(Path file, Map<String, String> environment, Problems problems) {
        TomlReader reader = new TomlReader(problems, environment);
        List<Path> files = reader.files(file);
        TomlNode.Tree tree = reader.readAll(files);
        problems.throwIfAny(); // what follows from half a file would mislead
        return new Reading(new Checker(problems).root(root, tree), List.copyOf(files));
    }

    /** Reads no file: every default. */
    public Reading defaults(Problems problems) {
        return new Reading(new Checker(problems).root(root, TomlNode.Tree.empty(Position.DEFAULTS)), List.of());
    }
}
