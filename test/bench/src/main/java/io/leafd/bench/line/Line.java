package io.leafd.bench.line;

import java.util.List;
import java.util.Map;

/** One thing that is measured. */
public interface Line {
    /** Its name, unique, as {@code --lines} selects it: {@code core-1-4-128}. */
    String name();

    /** Who is measured, leafd first. */
    List<Contender> contenders();

    /** What leafd shall reach. */
    List<Goal> goals();

    /** Starts a server of this contender, loads it, ends it, and returns its figures. */
    Map<Metric, Double> run(Contender contender, Bed bed);
}
