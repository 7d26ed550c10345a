package io.leafd.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LatenciesTest {

    @Test
    void quantilesAreOfTheSortedValues() {
        var latencies = new Latencies();
        for (int i = 100; i > 0; i--) {
            latencies.add(i);
        }
        assertThat(latencies.quantileNs(0.5)).isEqualTo(51);
        assertThat(latencies.quantileNs(0.99)).isEqualTo(100);
        assertThat(latencies.count()).isEqualTo(100);
    }

    @Test
    void noneHasNoQuantile() {
        assertThat(new Latencies().quantileNs(0.5)).isZero();
    }
}
