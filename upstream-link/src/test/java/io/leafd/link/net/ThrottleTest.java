package io.leafd.link.net;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ThrottleTest {
    private static final long SECOND = 1_000_000_000L;

    private final Throttle throttle = new Throttle(1000, 0);

    @Test
    void sendsAsMuchAsTheRateOverTime() {
        long nowNs = 0;
        int sent = 0;
        while (nowNs < 10 * SECOND) {
            long waitNs = throttle.waitNs(nowNs);
            nowNs += waitNs;
            throttle.sent(100, nowNs);
            sent += 100;
        }
        assertThat(sent).isBetween(10_000, 10_000 + 250 + 2 * 100);
    }

    @Test
    void aPauseIsNotMadeUpForByMoreThanTheBurst() {
        assertThat(sentAtOnce(60 * SECOND)).isBetween(250, 350);
    }

    @Test
    void aLargeFrameGoesWholeAndThoseBehindItWait() {
        throttle.sent(10_000, 0);

        assertThat(throttle.waitNs(0)).isEqualTo(10 * SECOND - Throttle.BURST_NS);
        assertThat(throttle.waitNs(10 * SECOND)).isZero();
    }

    private int sentAtOnce(long nowNs) {
        int sent = 0;
        while (throttle.waitNs(nowNs) == 0) {
            throttle.sent(100, nowNs);
            sent += 100;
        }
        return sent;
    }
}
