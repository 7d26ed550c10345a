package io.leafd.link.budget;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OnwardTimeTest {
    private static final long HOUR_MS = 3_600_000;
    private static final long NS_PER_MS = 1_000_000;

    @Test
    void followsAClockThatIsSetForward() {
        var time = new OnwardTime(0, 1_000, 0);
        assertThat(time.ms(2_000, 1_000 * NS_PER_MS)).isEqualTo(2_000);
        assertThat(time.ms(HOUR_MS, 1_001 * NS_PER_MS)).isEqualTo(HOUR_MS);
    }

    @Test
    void waitsForAClockThatIsSetBackByALittle() {
        var time = new OnwardTime(0, HOUR_MS, 0);
        assertThat(time.ms(HOUR_MS - 60_000, 1_000 * NS_PER_MS)).isEqualTo(HOUR_MS);
        assertThat(time.ms(HOUR_MS - 1, 60_000 * NS_PER_MS)).isEqualTo(HOUR_MS);
        assertThat(time.ms(HOUR_MS + 5, 60_006 * NS_PER_MS)).isEqualTo(HOUR_MS + 5);
    }

    @Test
    void goesOnAsTimePassesWhenTheClockIsSetFarBack() {
        long was = 100 * HOUR_MS;
        var time = new OnwardTime(0, was, 0);
        assertThat(time.ms(5, 0)).isEqualTo(was);
        assertThat(time.ms(5 + HOUR_MS, HOUR_MS * NS_PER_MS)).isEqualTo(was + HOUR_MS);
        assertThat(time.ms(was + HOUR_MS + 7, HOUR_MS * NS_PER_MS)).isEqualTo(was + HOUR_MS + 7);
    }

    @Test
    void doesNotLoseWhatIsLessThanAMillisecond() {
        var time = new OnwardTime(HOUR_MS, 0, 0);
        for (int i = 1; i <= 10; i++) {
            time.ms(0, i * NS_PER_MS / 2);
        }
        assertThat(time.ms(0, 5 * NS_PER_MS)).isEqualTo(HOUR_MS + 5);
    }
}
