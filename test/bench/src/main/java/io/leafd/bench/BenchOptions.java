package io.leafd.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the command line asks for.
 *
 * @param lines pattern that the names of the lines must match, wholly
 * @param warmUp load on each fresh server before what is measured
 * @param leafd program and first arguments
 * @param before another leafd, empty for none
 * @param only contenders by label; empty for all
 * @param json where the values go, null for nowhere
 * @param document where the table goes, null for nowhere
 */
record BenchOptions(
        Pattern lines,
        int rounds,
        Duration measured,
        Duration warmUp,
        List<String> leafd,
        List<String> before,
        List<String> only,
        @Nullable Path json,
        @Nullable Path document) {

    static final String USAGE = """
            usage: test/bench/run [--lines PATTERN] [--rounds N] [--seconds S] [--warm-up S] [--json FILE]
                                  [--document FILE] [--leafd COMMAND] [--before COMMAND] [--only LABEL,LABEL]
              --lines PATTERN   lines whose whole name matches the regular expression, for example 'core-.*|start'
              --rounds N        rounds, default 5; in each, all contenders of a line run once, in turn
              --seconds S       length of each measured load, default 2
              --warm-up S       load on each fresh server before that, default 5; with 1, the time of Java's compiler is in the figures
              --json FILE       writes every value
              --document FILE   writes the table between the marks of a Markdown file, for example docs/performance.md
              --leafd COMMAND   another leafd than that of this tree, for example /usr/bin/leafd
              --before COMMAND  a second leafd to compare with
              --only LABELS     contenders: leafd, before, bare, domain, always, default
            """;

    private static final class Parsing {
        private Pattern lines = Pattern.compile(".*");
        private int rounds = 5;
        private Duration measured = Duration.ofSeconds(2);
        private Duration warmUp = Duration.ofSeconds(5);
        private List<String> leafd;
        private List<String> before = List.of();
        private List<String> only = List.of();
        private @Nullable Path json;
        private @Nullable Path document;

        Parsing(List<String> tree) {
            leafd = tree;
        }

        void option(String name, String value) {
            switch (name) {
                case "--lines" -> lines = Pattern.compile(value);
                case "--rounds" -> rounds = Integer.parseInt(value);
                case "--seconds" -> measured = seconds(value);
                case "--warm-up" -> warmUp = seconds(value);
                case "--leafd" -> leafd = words(value);
                case "--before" -> before = words(value);
                case "--only" -> only = List.of(value.split(","));
                case "--json" -> json = Path.of(value);
                case "--document" -> document = Path.of(value);
                default -> throw new IllegalArgumentException("unknown option " + name);
            }
        }

        private static Duration seconds(String value) {
            return Duration.ofMillis((long) (1000 * Double.parseDouble(value)));
        }

        private static List<String> words(String command) {
            return List.of(command.strip().split(" +"));
        }
    }

    /**
     * Reads the command line.
     *
     * @param tree the leafd of this tree, used unless another is named
     * @throws IllegalArgumentException when it is not understood, with what is wrong
     */
    static BenchOptions parse(List<String> arguments, List<String> tree) {
        var parsing = new Parsing(tree);
        List<String> left = new ArrayList<>(arguments);
        while (!left.isEmpty()) {
            String name = left.removeFirst();
            if (left.isEmpty()) {
                throw new IllegalArgumentException(name + " needs a value");
            }
            parsing.option(name, left.removeFirst());
        }
        if (parsing.rounds < 1 || parsing.measured.isZero() || parsing.warmUp.isZero()) {
            throw new IllegalArgumentException("--rounds, --seconds and --warm-up must be more than 0");
        }
        return new BenchOptions(
                parsing.lines,
                parsing.rounds,
                parsing.measured,
                parsing.warmUp,
                parsing.leafd,
                parsing.before,
                parsing.only,
                parsing.json,
                parsing.document);
    }
}
