package io.leafd.app.config.schema;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlParseError;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

/**
 * Reads {@code leafd.toml} and the files of {@code conf.d} beside it into one tree. Owned by the reading thread.
 *
 * <p>The files of {@code conf.d} that end in {@code .toml} are laid over the main file in the order of their names, later ones
 * over earlier ones. In strings, <code>${NAME}</code> and <code>${NAME:-default}</code> stand for variables of the environment.
 */
final class TomlReader {
    /** Longer files are refused: nobody writes them, and the parser holds several times their size in memory. */
    private static final long FILE_BYTES_MAX = 1 << 20;

    private final Problems problems;
    private final Variables variables;

    TomlReader(Problems problems, Map<String, String> environment) {
        this.problems = problems;
        this.variables = new Variables(environment);
    }

    /** The main file and those of {@code conf.d}, in the order in which they are read. */
    List<Path> files(Path main) {
        List<Path> files = new ArrayList<>();
        files.add(main);
        Path directory = main.resolveSibling("conf.d");
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, "*.toml")) {
            List<Path> more = new ArrayList<>();
            entries.forEach(more::add);
            more.sort(null);
            files.addAll(more);
        } catch (NoSuchFileException | NotDirectoryException e) {
            return files; // the usual case
        } catch (IOException e) {
            problems.add(new Position(directory, 1, 1), "cannot be listed: " + reason(e));
        }
        return files;
    }

    TomlNode.Tree readAll(List<Path> files) {
        TomlNode.Tree all = TomlNode.Tree.empty(Position.DEFAULTS);
        for (Path file : files) {
            all = all.overlaidBy(read(file), problems);
        }
        return all;
    }

    private TomlNode.Tree read(Path file) {
        Position start = new Position(file, 1, 1);
        try {
            if (Files.size(file) > FILE_BYTES_MAX) {
                problems.add(start, "the file is longer than " + Quantities.showSize(FILE_BYTES_MAX));
                return TomlNode.Tree.empty(start);
            }
            refuseOpen(file, start);
            return parse(file, Files.readString(file, StandardCharsets.UTF_8));
        } catch (CharacterCodingException e) {
            problems.add(start, "the file is not UTF-8 text");
        } catch (IOException e) {
            problems.add(start, "cannot be read: " + reason(e));
        }
        return TomlNode.Tree.empty(start);
    }

    /** Not of a pipe or a device, which may be given as a file. */
    private void refuseOpen(Path file, Position start) throws IOException {
        if (Files.isRegularFile(file)
                && Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_WRITE)) {
            problems.add(
                    start,
                    "others on this machine can write this file, and so decide who may log in; run: chmod o-w " + file);
        }
    }

    TomlNode.Tree parse(Path file, String text) {
        try {
            return parsed(file, text);
        } catch (StackOverflowError e) { // the parser calls itself for each level
            Position start = new Position(file, 1, 1);
            problems.add(start, "arrays or tables are nested too deeply");
            return TomlNode.Tree.empty(start);
        } catch (
                AssertionError
                        e) { // with Java's assertions on, tomlj 2.2.0 fails on "[table # comment" instead of telling it
            Position start = new Position(file, 1, 1);
            problems.add(start, "not TOML: " + e.getMessage());
            return TomlNode.Tree.empty(start);
        }
    }

    private TomlNode.Tree parsed(Path file, String text) {
        TomlParseResult result = Toml.parse(text);
        for (TomlParseError error : result.errors()) {
            problems.add(at(file, error.position()), "not TOML: " + error.getMessage());
        }
        return tree(file, result, new Position(file, 1, 1));
    }

    private TomlNode.Tree tree(Path file, TomlTable table, Position position) {
        Map<String, TomlNode> entries = new LinkedHashMap<>();
        for (String name : table.keySet()) {
            List<String> path = List.of(name);
            Position place = at(file, table.inputPositionOf(path));
            Object value = table.get(path);
            if (value != null) {
                entries.put(name, node(file, value, place));
            }
        }
        return new TomlNode.Tree(position, entries);
    }

    private TomlNode node(Path file, Object value, Position place) {
        if (value instanceof TomlTable table) {
            return tree(file, table, place);
        }
        if (value instanceof TomlArray array) {
            List<TomlNode> items = new ArrayList<>();
            for (int i = 0; i < array.size(); i++) {
                items.add(node(file, array.get(i), at(file, array.inputPositionOf(i))));
            }
            return new TomlNode.Array(place, List.copyOf(items));
        }
        return new TomlNode.Scalar(place, value instanceof String text ? substituted(text, place) : value);
    }

    private String substituted(String text, Position place) {
        try {
            return variables.substitute(text);
        } catch (BadValueException e) {
            problems.add(place, String.valueOf(e.getMessage()));
            return text;
        }
    }

    private static Position at(Path file, @Nullable TomlPosition position) {
        return position == null
                ? new Position(file, 1, 1)
                : new Position(file, Math.max(1, position.line()), Math.max(1, position.column()));
    }

    static String reason(IOException e) {
        return switch (e) {
            case NoSuchFileException gone -> "no such file";
            case AccessDeniedException denied -> "permission denied";
            default -> String.valueOf(e.getMessage());
        };
    }
}
