package io.leafd.bench.line;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** What is to be downloaded to install leafd, its own Java included. */
record PackageLine(Path file) implements Line {
    private static final double GOAL_MB = 35;
    private static final double MB = 1e6;

    @Override
    public String name() {
        return "package";
    }

    @Override
    public List<Contender> contenders() {
        return List.of(Contender.LEAFD);
    }

    @Override
    public List<Goal> goals() {
        return List.of(new Goal(Metric.SIZE, Contender.LEAFD, GOAL_MB));
    }

    @Override
    public Map<Metric, Double> run(Contender contender, Bed bed) {
        try {
            return Map.of(Metric.SIZE, Files.size(file) / MB);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
