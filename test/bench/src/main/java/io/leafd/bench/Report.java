package io.leafd.bench;

import io.leafd.bench.line.Contender;
import io.leafd.bench.line.Line;
import io.leafd.bench.line.Metric;
import io.leafd.protocol.json.JsonWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/**
 * The results as files: JSON with every value of every round, and the table in the documentation.
 *
 * @param when the run began
 * @param command what was typed
 * @param commit of the tree that was measured
 */
record Report(Results results, Instant when, String command, String commit) {
    static final String BEGIN = "<!-- results: written by test/bench/run -->";
    static final String END = "<!-- end of results -->";

    /** All values, in SI units as the metrics' names say. */
    String json() {
        var json = new JsonWriter();
        json.object()
                .field("when", when.toString())
                .field("command", command)
                .field("commit", commit)
                .field("machine", Machine.text())
                .array("lines");
        for (Line line : results.lines()) {
            json.object().field("name", line.name()).tree("machine_load", results.machineLoads(line));
            json.object("values");
            for (Contender contender : results.contenders(line)) {
                json.object(contender.label());
                for (Metric metric : results.metrics(line, contender)) {
                    json.tree(key(metric), results.values(line, contender, metric));
                }
                json.end();
            }
            json.end().end();
        }
        json.end().array("comparisons");
        Comparison.of(results).forEach(comparison -> comparison(json, comparison));
        return json.end().end() + "\n";
    }

    private static void comparison(JsonWriter json, Comparison c) {
        json.object()
                .field("line", c.line().name())
                .field("metric", key(c.metric()))
                .field("against", c.against().label());
        Spread shown = c.ratio() == null ? c.leafd() : c.ratio();
        json.tree("median", shown.median()).tree("min", shown.min()).tree("max", shown.max());
        if (c.goal() != null) {
            json.tree("goal", c.goal().bound()).field("reached", c.reached());
        }
        json.end();
    }

    /** The part of the documentation between the marks. */
    String markdown() {
        List<Double> loads = results.lines().stream()
                .flatMap(line -> results.machineLoads(line).stream())
                .toList();
        return String.format(
                Locale.ROOT,
                "%s\n\nMeasured %s on %s; commit %s; load average of the machine before each run: median %.1f.\n\n"
                        + "```sh\n%s\n```\n\n%s\n%s",
                BEGIN,
                when.toString().substring(0, 16).replace('T', ' ') + " UTC",
                Machine.text(),
                commit,
                Spread.of(loads).median(),
                command,
                Table.of(Comparison.of(results)),
                END);
    }

    /** Puts {@link #markdown} between the marks of a document. */
    void writeInto(Path document) {
        try {
            Files.writeString(document, replaced(Files.readString(document), markdown()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The text with what lies from mark to mark, both included, replaced.
     *
     * @throws IllegalArgumentException when the text has not both marks, in this order
     */
    static String replaced(String text, String part) {
        int begin = text.indexOf(BEGIN);
        int end = text.indexOf(END);
        if (begin < 0 || end < begin) {
            throw new IllegalArgumentException(
                    "no place for results: the document needs the lines %s and %s".formatted(BEGIN, END));
        }
        return text.substring(0, begin) + part + text.substring(end + END.length());
    }

    private static String key(Metric metric) {
        return metric.name().toLowerCase(Locale.ROOT);
    }
}
