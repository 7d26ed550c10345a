package io.leafd.bench.line;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class NatsBenchLineTest {
    @Test
    void theFirstRateIsTaken() {
        assertThat(NatsBenchLine.rate("""
                Starting benchmark [msgs=200000, msgsize=128, pubs=1, subs=1]
                NATS Pub/Sub stats: 1,258,022 msgs/sec ~ 153.57 MB/sec
                 Pub stats: 629,290 msgs/sec ~ 76.82 MB/sec
                """)).isEqualTo(1_258_022);
    }

    @Test
    void whatItSaysInsteadIsShown() {
        assertThatThrownBy(() -> NatsBenchLine.rate("Can't connect: nats: no servers available for connection"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("no servers available");
    }
}
