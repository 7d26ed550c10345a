package io.leafd.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ClockWatchTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private static final long YEAR = Duration.ofDays(365).toNanos();

    private final ClockWatch watch = new ClockWatch(0, -7 * YEAR);

    @Test
    void bothClocksMovingAlikeIsNothing() {
        assertThat(watch.wasSet(SECOND, -7 * YEAR + SECOND)).isFalse();
        assertThat(watch.wasSet(YEAR, -6 * YEAR)).isFalse();
    }

    @Test
    void slewingIsNothing() {
        assertThat(watch.wasSet(SECOND + SECOND / 2, -7 * YEAR + SECOND)).isFalse();
        assertThat(watch.wasSet(11 * SECOND, -7 * YEAR + 2 * SECOND)).isFalse();
    }

    @Test
    void aStepInEitherDirectionIsNoticedOnce() {
        assertThat(watch.wasSet(56 * YEAR, -7 * YEAR + SECOND)).isTrue();
        assertThat(watch.wasSet(56 * YEAR + SECOND, -7 * YEAR + 2 * SECOND)).isFalse();
        assertThat(watch.wasSet(YEAR, -7 * YEAR + 3 * SECOND)).isTrue();
        assertThat(watch.wasSet(YEAR + SECOND, -7 * YEAR + 4 * SECOND)).isFalse();
    }
}
