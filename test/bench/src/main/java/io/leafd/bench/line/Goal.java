package io.leafd.bench.line;

/**
 * What the ratio leafd / other, or leafd's own figure, shall be.
 *
 * @param against whom the ratio is with; {@link Contender#LEAFD} means that the bound is for leafd's figure itself
 * @param bound least ratio for a metric of which more is better, else the largest
 */
public record Goal(Metric metric, Contender against, double bound) {
    /** Whether a ratio, or leafd's own figure, reaches the goal. */
    public boolean reachedBy(double value) {
        return metric.moreIsBetter() ? value >= bound : value <= bound;
    }
}
