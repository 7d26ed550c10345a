package io.leafd.security.permission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ReplyGrantsTest {
    private static final long SECOND_NS = Duration.ofSeconds(1).toNanos();

    private static ReplyGrants grants(int max, Duration expiry) {
        return new ReplyGrants(ResponseLimit.of(max, expiry));
    }

    @Test
    void defaultIsOneAnswerWithinTwoMinutes() {
        ReplyGrants grants = new ReplyGrants(ResponseLimit.DEFAULT);
        grants.delivered("_INBOX.1", 0);
        grants.delivered("_INBOX.2", 0);

        assertThat(grants.use("_INBOX.1", 120 * SECOND_NS)).isTrue();
        assertThat(grants.use("_INBOX.1", 120 * SECOND_NS)).isFalse();
        assertThat(grants.use("_INBOX.2", 120 * SECOND_NS + 1)).isFalse();
        assertThat(grants.use("_INBOX.3", 0)).isFalse();
        assertThat(grants.size()).isZero();
    }

    @Test
    void threeAnswersAndNoFourth() {
        ReplyGrants grants = grants(3, Duration.ofSeconds(1));
        grants.delivered("r", 5);

        assertThat(grants.use("r", 5)).isTrue();
        assertThat(grants.use("r", 5)).isTrue();
        assertThat(grants.use("r", 5)).isTrue();
        assertThat(grants.use("r", 5)).isFalse();
    }

    @Test
    void secondDeliveryWithTheSameReplyStartsAnew() {
        ReplyGrants grants = grants(1, Duration.ofSeconds(1));
        grants.delivered("r", 0);
        grants.delivered("r", SECOND_NS);

        assertThat(grants.use("r", 2 * SECOND_NS)).isTrue();
        assertThat(grants.use("r", 2 * SECOND_NS)).isFalse();
    }

    @Test
    void negativeValuesMeanNoBound() {
        ReplyGrants grants = grants(-1, Duration.ofNanos(-1));
        grants.delivered("r", 0);

        for (int i = 0; i < 1_000; i++) {
            assertThat(grants.use("r", i * 3600L * SECOND_NS)).isTrue();
        }
    }

    @Test
    void monotonicClockMayPassItsLargestValue() {
        ReplyGrants grants = grants(1, Duration.ofSeconds(1));
        grants.delivered("r", Long.MAX_VALUE);

        assertThat(grants.use("r", Long.MIN_VALUE + SECOND_NS / 2)).isTrue();
    }

    @Test
    void expiredGrantsAreForgottenAtTheNextDelivery() {
        ReplyGrants grants = grants(1, Duration.ofSeconds(1));
        for (int i = 0; i < 100; i++) {
            grants.delivered("old" + i, 0);
        }
        grants.delivered("new", 2 * SECOND_NS);

        assertThat(grants.size()).isEqualTo(1);
    }

    @Test
    void grantsAreBoundedAndTheOldestGivesWay() {
        ReplyGrants grants = grants(1, Duration.ofNanos(-1));
        for (int i = 0; i <= ReplyGrants.GRANTS_MAX; i++) {
            grants.delivered("r" + i, 0);
        }

        assertThat(grants.size()).isEqualTo(ReplyGrants.GRANTS_MAX);
        assertThat(grants.use("r0", 0)).isFalse();
        assertThat(grants.use("r1", 0)).isTrue();
        assertThat(grants.use("r" + ReplyGrants.GRANTS_MAX, 0)).isTrue();
    }

    @Test
    void zeroStandsForTheDefault() {
        assertThat(ResponseLimit.of(0, Duration.ZERO)).isEqualTo(ResponseLimit.DEFAULT);
        assertThat(ResponseLimit.of(5, Duration.ZERO)).isEqualTo(new ResponseLimit(5, Duration.ofMinutes(2)));
        assertThat(ResponseLimit.of(-7, Duration.ofSeconds(-7)))
                .isEqualTo(new ResponseLimit(ResponseLimit.UNLIMITED, Duration.ZERO));
        assertThatThrownBy(() -> new ResponseLimit(0, Duration.ZERO)).isInstanceOf(IllegalArgumentException.class);
    }
}
