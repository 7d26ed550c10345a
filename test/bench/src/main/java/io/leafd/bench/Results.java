package io.leafd.bench;

import io.leafd.bench.line.Contender;
import io.leafd.bench.line.Line;
import io.leafd.bench.line.Metric;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The figures of all rounds so far. Owned by the thread that runs the lines. */
final class Results {
    private final Map<Line, Map<Contender, Map<Metric, List<Double>>>> lines = new LinkedHashMap<>();
    private final Map<Line, List<Double>> loads = new LinkedHashMap<>();

    /**
     * Adds what one contender did in one round.
     *
     * @param machineLoad load average of the machine, one minute, before the run
     */
    void add(Line line, Contender contender, Map<Metric, Double> figures, double machineLoad) {
        Map<Metric, List<Double>> own = lines.computeIfAbsent(line, l -> new EnumMap<>(Contender.class))
                .computeIfAbsent(contender, c -> new TreeMap<>());
        figures.forEach((metric, value) ->
                own.computeIfAbsent(metric, m -> new ArrayList<>()).add(value));
        loads.computeIfAbsent(line, l -> new ArrayList<>()).add(machineLoad);
    }

    /** The lines that have figures, in the order in which they ran. */
    Set<Line> lines() {
        return lines.keySet();
    }

    /** Who has figures of a line. */
    Set<Contender> contenders(Line line) {
        return lines.getOrDefault(line, Map.of()).keySet();
    }

    /** What was measured of a contender. */
    Set<Metric> metrics(Line line, Contender contender) {
        return lines.getOrDefault(line, Map.of())
                .getOrDefault(contender, Map.of())
                .keySet();
    }

    /** The values, one for each round; empty when there are none. */
    List<Double> values(Line line, Contender contender, Metric metric) {
        return lines.getOrDefault(line, Map.of())
                .getOrDefault(contender, Map.of())
                .getOrDefault(metric, List.of());
    }

    /** The machine's load averages before each run of a line. */
    List<Double> machineLoads(Line line) {
        return loads.getOrDefault(line, List.of());
    }
}
