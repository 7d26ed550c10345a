package io.leafd.jetstream.consumer.push;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PacingTest {
    @Test
    void theRateIsKeptOverTime() {
        var limit = new RateLimit(8_000, 100, 0); // 1000 bytes per second
        assertThat(limit.delayNs(0)).isZero();
        limit.sent(600);
        long delayNs = limit.delayNs(0);
        assertThat(delayNs).isBetween(500_000_000L, 502_000_000L);
        assertThat(limit.delayNs(delayNs)).isZero();
    }

    @Test
    void aReplayKeepsThePausesUpToWhereItBegan() {
        var replay = new Replay(2);
        assertThat(replay.delayNs(1, 1_000, 50)).isZero();
        replay.sent(1_000, 50);
        assertThat(replay.delayNs(2, 1_700, 150)).isEqualTo(600);
        assertThat(replay.delayNs(2, 1_700, 800)).isZero();
        replay.sent(1_700, 800);
        assertThat(replay.delayNs(3, 9_000, 800)).isZero();
    }
}
