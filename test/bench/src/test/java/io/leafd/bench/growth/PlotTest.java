package io.leafd.bench.growth;

import static org.assertj.core.api.Assertions.assertThat;

import io.leafd.bench.growth.Plot.Point;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class PlotTest {

    @Test
    void decadesEncloseEveryValue() {
        assertThat(Plot.decade(0.3, false)).isCloseTo(0.1, Offset.offset(1e-9));
        assertThat(Plot.decade(0.3, true)).isCloseTo(1, Offset.offset(1e-9));
        assertThat(Plot.decade(100, true)).isCloseTo(100, Offset.offset(1e-6));
        assertThat(Plot.decade(100, false)).isCloseTo(10, Offset.offset(1e-6));
    }

    @Test
    void curveGoesFromLeftToRightThroughAllPoints() {
        String svg = Plot.svg(
                "cost", "clients", Map.of("leafd", List.of(new Point(1, 1), new Point(10, 1), new Point(100, 10))));
        assertThat(svg).contains("<polyline points=\"70.0,").contains(" 345.0,").contains(" 620.0,");
        assertThat(svg).contains(">leafd</text>").endsWith("</svg>\n");
    }

    @Test
    void curveWithoutPointsIsDrawnEmpty() {
        assertThat(Plot.svg("cost", "clients", Map.of("leafd", List.of()))).contains("points=\"\"");
    }
}
