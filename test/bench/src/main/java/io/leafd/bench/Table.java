package io.leafd.bench;

import io.leafd.bench.line.Goal;
import java.util.List;
import java.util.Locale;

/** Comparisons as a Markdown table. Pure. */
final class Table {
    static final String HEAD = """
            | line | measure | leafd | beside | its figure | ratio (spread) | goal |
            | --- | --- | ---: | --- | ---: | ---: | --- |
            """;

    private Table() {}

    static String of(List<Comparison> comparisons) {
        var text = new StringBuilder(HEAD);
        comparisons.forEach(comparison -> text.append(row(comparison)));
        return text.toString();
    }

    /** One row, with its line end. */
    static String row(Comparison c) {
        Spread other = c.other();
        Spread ratio = c.ratio();
        return "| %s | %s | %s | %s | %s | %s | %s |\n"
                .formatted(
                        c.line().name(),
                        c.metric().text(),
                        figure(c.leafd().median()),
                        other == null ? "" : c.against().label(),
                        other == null ? "" : figure(other.median()),
                        ratio == null ? "" : ratio(ratio),
                        goal(c));
    }

    /** Three digits that count, thousands apart. */
    static String figure(double value) {
        double size = Math.abs(value);
        String format = size >= 100 ? "%,.0f" : size >= 10 ? "%.1f" : size >= 1 ? "%.2f" : "%.3f";
        return format.formatted(value);
    }

    private static String ratio(Spread ratio) {
        return String.format(Locale.ROOT, "%.2f (%.2f–%.2f)", ratio.median(), ratio.min(), ratio.max());
    }

    private static String goal(Comparison c) {
        Goal goal = c.goal();
        if (goal == null) {
            return "";
        }
        String sign = goal.metric().moreIsBetter() ? "≥" : "≤";
        return "%s %s %s".formatted(sign, Double.toString(goal.bound()), c.reached() ? "✓" : "missed");
    }
}
