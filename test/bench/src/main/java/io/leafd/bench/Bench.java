package io.leafd.bench;

import io.leafd.bench.line.Bed;
import io.leafd.bench.line.Contender;
import io.leafd.bench.line.Line;
import io.leafd.bench.line.Lines;
import io.leafd.bench.line.Metric;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Runs the lines. For each line: rounds; in each round every contender once, each on a fresh server, in an order that turns with the
 * round, so that a slow minute of the machine hits all alike.
 */
public final class Bench {
    private static final int EXIT_USAGE = 2;

    private final BenchOptions options;
    private final Bed bed;
    private final Results results = new Results();
    private final PrintStream out;

    private Bench(BenchOptions options, PrintStream out) {
        this.options = options;
        this.out = out;
        this.bed = new Bed(options.leafd(), options.before(), options.warmUp(), options.measured());
    }

    /** The command behind {@code test/bench/run}, which passes the leafd of the tree as system property {@code leafd.command}. */
    public static void main(String[] arguments) throws IOException {
        if (List.of(arguments).contains("--help")) {
            System.out.print(BenchOptions.USAGE);
            return;
        }
        BenchOptions options;
        try {
            options = BenchOptions.parse(
                    List.of(arguments),
                    List.of(System.getProperty("leafd.command", "leafd").split(" +")));
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage() + "\n" + BenchOptions.USAGE);
            System.exit(EXIT_USAGE);
            return;
        }
        var bench = new Bench(options, System.out);
        Instant begin = Instant.now();
        bench.run();
        bench.report(new Report(
                bench.results,
                begin,
                "test/bench/run " + String.join(" ", arguments),
                System.getProperty("leafd.commit", "unknown")));
    }

    private void run() {
        out.printf("%s%n%s", Machine.text(), Table.HEAD);
        for (Line line : Lines.all()) {
            if (options.lines().matcher(line.name()).matches()) {
                for (int round = 0; round < options.rounds(); round++) {
                    round(line, round);
                }
                Comparison.of(results).stream()
                        .filter(comparison -> comparison.line() == line)
                        .forEach(comparison -> out.print(Table.row(comparison)));
            }
        }
    }

    private void round(Line line, int round) {
        List<Contender> order = contenders(line);
        Collections.rotate(order, round);
        for (Contender contender : order) {
            double load = Machine.load();
            Map<Metric, Double> figures = line.run(contender, bed);
            results.add(line, contender, figures, load);
            System.err.printf(
                    Locale.ROOT,
                    "%s round %d %s load %.1f %s%n",
                    line.name(),
                    round + 1,
                    contender.label(),
                    load,
                    figures);
        }
    }

    private List<Contender> contenders(Line line) {
        List<Contender> all = new ArrayList<>(line.contenders());
        if (!options.before().isEmpty()) {
            all.add(Contender.BEFORE);
        }
        all.removeIf(contender -> !options.only().isEmpty() && !options.only().contains(contender.label()));
        return all;
    }

    private void report(Report report) throws IOException {
        Path json = options.json();
        if (json != null) {
            Files.writeString(json, report.json());
        }
        Path document = options.document();
        if (document != null) {
            report.writeInto(document);
        }
        long missed = Comparison.of(results).stream()
                .filter(comparison -> !comparison.reached())
                .count();
        out.printf("goals missed: %d%n", missed);
    }
}
