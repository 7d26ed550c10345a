package io.leafd.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.leafd.bench.line.Bed;
import io.leafd.bench.line.Contender;
import io.leafd.bench.line.Goal;
import io.leafd.bench.line.Line;
import io.leafd.bench.line.Metric;
import io.leafd.protocol.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReportTest {

    /** A line that is never run. */
    private record Planned(String name, List<Goal> goals) implements Line {
        @Override
        public List<Contender> contenders() {
            return List.of(Contender.LEAFD, Contender.BARE);
        }

        @Override
        public Map<Metric, Double> run(Contender contender, Bed bed) {
            throw new UnsupportedOperationException();
        }
    }

    private final Results results = new Results();

    @Test
    void rowHasFiguresRatioAndGoal() {
        rounds(new Planned("flood", List.of(new Goal(Metric.RATE, Contender.BARE, 1.5))));
        assertThat(Table.of(Comparison.of(results)))
                .isEqualTo(
                        Table.HEAD
                                + "| flood | messages per second | 2,500,000 | bare | 1,000,000 | 2.50 (2.00–3.00) | ≥ 1.5 ✓ |\n");
    }

    @Test
    void missedGoalSaysSo() {
        rounds(new Planned("flood", List.of(new Goal(Metric.RATE, Contender.BARE, 2.6))));
        assertThat(Table.of(Comparison.of(results))).contains("≥ 2.6 missed");
    }

    @Test
    void goalOfLeafdAloneHasARowOfItsOwn() {
        results.add(
                new Planned("start", List.of(new Goal(Metric.TIME, Contender.LEAFD, 250))),
                Contender.LEAFD,
                Map.of(Metric.TIME, 251.0),
                0);
        assertThat(Table.of(Comparison.of(results))).contains("| start | time, ms | 251 |  |  |  | ≤ 250.0 missed |");
    }

    @Test
    void jsonHasEveryValue() {
        rounds(new Planned("flood", List.of()));
        var report = new Report(results, Instant.EPOCH, "run", "abc");
        byte[] json = report.json().getBytes(StandardCharsets.UTF_8);
        assertThat(String.valueOf(Json.parse(json))).contains("2000000", "3000000", "machine_load", "abc");
    }

    @Test
    void documentKeepsWhatIsAroundTheMarks() {
        String text = "before\n" + Report.BEGIN + "\nold\n" + Report.END + "\nafter\n";
        assertThat(Report.replaced(text, "new")).isEqualTo("before\nnew\nafter\n");
    }

    @Test
    void documentWithoutMarksIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> Report.replaced("nothing", "new"));
    }

    private void rounds(Line line) {
        results.add(line, Contender.LEAFD, Map.of(Metric.RATE, 2e6), 0.5);
        results.add(line, Contender.BARE, Map.of(Metric.RATE, 1e6), 0.5);
        results.add(line, Contender.BARE, Map.of(Metric.RATE, 1e6), 0.5);
        results.add(line, Contender.LEAFD, Map.of(Metric.RATE, 3e6), 0.5);
    }
}
