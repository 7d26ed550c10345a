package io.leafd.bench;

import io.leafd.bench.line.Contender;
import io.leafd.bench.line.Goal;
import io.leafd.bench.line.Line;
import io.leafd.bench.line.Metric;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * leafd beside another contender, by one metric of one line.
 *
 * @param leafd leafd's own figures
 * @param other the other's figures; null where leafd stands alone
 * @param ratio leafd / other, round by round; null where leafd stands alone
 * @param goal what was to be reached, null for none
 */
record Comparison(
        Line line,
        Metric metric,
        Contender against,
        Spread leafd,
        @Nullable Spread other,
        @Nullable Spread ratio,
        @Nullable Goal goal) {

    /** All comparisons that the results allow, and leafd alone where a goal is about its own figure. */
    static List<Comparison> of(Results results) {
        List<Comparison> all = new ArrayList<>();
        for (Line line : results.lines()) {
            for (Metric metric : results.metrics(line, Contender.LEAFD)) {
                List<Double> ours = results.values(line, Contender.LEAFD, metric);
                Goal own = goal(line, metric, Contender.LEAFD);
                if (own != null) {
                    all.add(new Comparison(line, metric, Contender.LEAFD, Spread.of(ours), null, null, own));
                }
                for (Contender against : results.contenders(line)) {
                    List<Double> theirs = results.values(line, against, metric);
                    if (against != Contender.LEAFD && !theirs.isEmpty()) {
                        all.add(new Comparison(
                                line,
                                metric,
                                against,
                                Spread.of(ours),
                                Spread.of(theirs),
                                Spread.ofRatios(ours, theirs),
                                goal(line, metric, against)));
                    }
                }
            }
        }
        return all;
    }

    /** Whether the median reaches the goal; true without one. */
    boolean reached() {
        return goal == null || goal.reachedBy(ratio == null ? leafd.median() : ratio.median());
    }

    private static @Nullable Goal goal(Line line, Metric metric, Contender against) {
        return line.goals().stream()
                .filter(goal -> goal.metric() == metric && goal.against() == against)
                .findFirst()
                .orElse(null);
    }
}
