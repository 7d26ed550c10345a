package io.leafd.app.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.leafd.app.demo.Sensor.Kind;
import java.util.DoubleSummaryStatistics;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Values that somebody who knows presses believes. */
class SensorTest {
    private static final double START = 1_772_352_000; // 2026-03-01T08:00:00Z

    @ParameterizedTest
    @CsvSource({"TEMPERATURE, 43, 60, 0.2", "PRESSURE, 13, 225, 150", "VIBRATION, 0.9, 6, 2"})
    void valuesStayInTheirRangeAndMove(Kind kind, double least, double most, double swing) {
        for (int press = 1; press <= 3; press++) {
            var sensor = new Sensor(press, kind);
            DoubleSummaryStatistics day = IntStream.range(0, 86_400)
                    .mapToDouble(second -> sensor.at(START + second))
                    .summaryStatistics();
            DoubleSummaryStatistics stroke = IntStream.range(0, 120)
                    .mapToDouble(tick -> sensor.at(START + tick * 0.05))
                    .summaryStatistics();
            assertThat(day.getMin()).isGreaterThan(least);
            assertThat(day.getMax()).isLessThan(most);
            assertThat(stroke.getMax() - stroke.getMin()).isGreaterThan(swing);
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void theSameMomentReadsTheSame(Kind kind) {
        assertThat(new Sensor(2, kind).at(START)).isEqualTo(new Sensor(2, kind).at(START));
    }
}
