package io.leafd.jetstream.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StreamTimeTest {
    private static final long SECOND_NS = 1_000_000_000L;
    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
    private static final long NOW_NS = NOW.getEpochSecond() * SECOND_NS;
    private static final Duration TWO_YEARS = Duration.ofDays(730);

    private Instant wall = NOW;
    private long nanoTime = 77 * SECOND_NS;
    private byte @Nullable [] memory;

    @Test
    void aMessageFrom1970DoesNotAgeWhenTheClockIsSet() {
        wall = Instant.ofEpochSecond(100);
        StreamTime time = open("boot", 0);
        long stamp = time.stampNs();
        pass(60);
        wall = NOW;

        assertThat(time.ageNs(stamp)).isEqualTo(60 * SECOND_NS);
        assertThat(time.stampNs()).isEqualTo(NOW_NS);
    }

    @Test
    void norAfterARestartBehindTheJump() {
        wall = Instant.ofEpochSecond(100);
        StreamTime time = open("boot", 0);
        long early = time.stampNs();
        pass(60);
        wall = NOW;
        long late = time.stampNs();
        pass(10);

        assertThat(open("boot", late).ageNs(early)).isEqualTo(70 * SECOND_NS);
        assertThat(open("boot", late).ageNs(late)).isEqualTo(10 * SECOND_NS);
        nanoTime = 0;
        assertThat(open("next boot", late).ageNs(early)).isEqualTo(70 * SECOND_NS);
    }

    @Test
    void norWhenTheClockIsSetWhileTheProcessIsDown() {
        wall = Instant.ofEpochSecond(100);
        long stamp = open("boot", 0).stampNs();
        pass(60);
        wall = NOW;

        StreamTime restarted = open("boot", stamp);
        assertThat(restarted.ageNs(stamp)).isEqualTo(60 * SECOND_NS);
        assertThat(restarted.nowNs()).isEqualTo(NOW_NS);
    }

    @Test
    void norWhenTheBoxWasOffWithAClockThatHadNeverBeenSet() {
        wall = Instant.ofEpochSecond(100);
        StreamTime time = open("boot", 0);
        long first = time.stampNs();
        pass(60);
        long last = time.stampNs();
        nanoTime = 0;
        wall = NOW;

        StreamTime restarted = open("next boot", last);
        assertThat(restarted.ageNs(first)).isEqualTo(60 * SECOND_NS);
        assertThat(restarted.ageNs(last)).isZero();
        assertThat(restarted.windowNs(120 * SECOND_NS)).isGreaterThan(NOW_NS - 200 * SECOND_NS);
    }

    @Test
    void timeOffCountsWithAClockThatIsRight() {
        long stamp = open("boot", 0).stampNs();
        nanoTime = 0;
        wall = NOW.plusSeconds(3600);

        assertThat(open("next boot", stamp).ageNs(stamp)).isEqualTo(3600 * SECOND_NS);
    }

    @Test
    void aBoxThatForgotTheTimeGoesOnFromItsLastMessage() {
        long stamp = open("boot", 0).stampNs();
        nanoTime = 0;
        wall = Instant.ofEpochSecond(5);
        StreamTime restarted = open("next boot", stamp);
        long next = restarted.stampNs();
        assertThat(next).isGreaterThan(stamp);
        pass(30);
        wall = NOW.plus(Duration.ofDays(3));

        assertThat(restarted.ageNs(next)).isEqualTo(30 * SECOND_NS);
        assertThat(restarted.ageNs(stamp)).isEqualTo(Duration.ofDays(3).toNanos());
    }

    @Test
    void twoYearsAheadAndBackAgain() {
        StreamTime time = open("boot", 0);
        long before = time.stampNs();
        wall = NOW.plus(TWO_YEARS);
        long ahead = time.stampNs();
        pass(10);
        wall = NOW.plusSeconds(10);
        long after = time.stampNs();

        assertThat(after).isEqualTo(ahead + 10 * SECOND_NS);
        assertThat(time.ageNs(before)).isEqualTo(10 * SECOND_NS);
        pass(20);
        assertThat(open("boot", after).ageNs(ahead)).isEqualTo(30 * SECOND_NS);
    }

    @Test
    void aStrobingClockNeverMakesMessagesOld() {
        StreamTime time = open("boot", 0);
        long stamp = time.stampNs();
        long last = stamp;
        for (int i = 1; i <= 10 * StreamTime.JUMPS_MAX; i++) {
            pass(1);
            wall = i % 2 == 0 ? Instant.EPOCH : NOW.plus(Duration.ofDays(300).multipliedBy(i));
            long now = time.stampNs();
            assertThat(now).isGreaterThan(last);
            assertThat(time.ageNs(last)).isLessThanOrEqualTo(SECOND_NS);
            last = now;
        }
        assertThat(time.ageNs(stamp)).isLessThanOrEqualTo(10L * StreamTime.JUMPS_MAX * SECOND_NS);
        assertThat(open("boot", last).nowNs()).isGreaterThanOrEqualTo(last);
    }

    @Test
    void bytesOfALaterVersionAreNotUnderstoodAndNotFatal() {
        memory = new byte[] {9, 1, 2};
        assertThat(open("boot", NOW_NS - SECOND_NS).nowNs()).isEqualTo(NOW_NS);
        memory = new byte[] {1, 40, 2};
        assertThat(open("boot", NOW_NS - SECOND_NS).nowNs()).isEqualTo(NOW_NS);
    }

    /** Both clocks go on. */
    private void pass(long seconds) {
        nanoTime += seconds * SECOND_NS;
        wall = wall.plusSeconds(seconds);
    }

    private StreamTime open(String boot, long lastTimestampNs) {
        return new StreamTime(
                () -> wall,
                () -> nanoTime,
                boot,
                new StreamTime.Memory() {
                    @Override
                    public byte @Nullable [] load() {
                        return memory;
                    }

                    @Override
                    public void save(byte[] bytes) {
                        memory = bytes;
                    }
                },
                lastTimestampNs);
    }
}
