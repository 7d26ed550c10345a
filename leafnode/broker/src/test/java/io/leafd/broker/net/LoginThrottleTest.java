package io.leafd.broker.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.leafd.security.login.Claim;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LoginThrottleTest {
    private static final String ROUTER = "192.0.2.7";

    private long nowNs;
    private final LoginThrottle throttle = new LoginThrottle(() -> nowNs);

    private static Claim by(String user) {
        return Claim.ofPassword(user, "wrong");
    }

    private void fail(int times, String address, String user) {
        for (int i = 0; i < times; i++) {
            throttle.failed(address, by(user));
        }
    }

    private void pass(long ms) {
        nowNs += TimeUnit.MILLISECONDS.toNanos(ms);
    }

    @Test
    void aDeviceWithAWrongPasswordIsSlowedAndItsNeighboursAreNot() {
        fail(LoginThrottle.USER_BURST, ROUTER, "press-7");

        assertThat(throttle.mayTry(ROUTER, by("press-7"))).isFalse();
        assertThat(throttle.mayTry(ROUTER, by("press-8"))).isTrue();
        assertThat(throttle.mayTry(ROUTER, Claim.ofToken("t"))).isTrue();
        assertThat(throttle.mayTry("192.0.2.8", by("press-7"))).isTrue();
    }

    @Test
    void nobodyIsLockedOutForLong() {
        fail(1000, ROUTER, "press-7");
        assertThat(throttle.mayTry(ROUTER, by("press-8"))).isFalse();

        pass(999);
        assertThat(throttle.mayTry(ROUTER, by("press-8"))).isTrue();
        assertThat(throttle.mayTry(ROUTER, by("press-7"))).isFalse();
        pass(1);
        assertThat(throttle.mayTry(ROUTER, by("press-7"))).isTrue();
    }

    @Test
    void guessingIsBoundByTimeAndNotByTries() {
        int tried = 0;
        for (int ms = 0; ms < 60_000; ms++) {
            if (throttle.mayTry(ROUTER, by("admin"))) {
                tried++;
                throttle.failed(ROUTER, by("admin"));
            }
            pass(1);
        }
        assertThat(tried).isBetween(LoginThrottle.USER_BURST + 55, LoginThrottle.USER_BURST + 61);
    }

    @Test
    void manyNamesFromOneAddressEmptyItsOwnBucket() {
        for (int i = 0; i < LoginThrottle.ADDRESS_BURST; i++) {
            throttle.failed(ROUTER, by("guess-" + i));
        }
        assertThat(throttle.mayTry(ROUTER, by("another"))).isFalse();
        assertThat(throttle.mayTry("192.0.2.8", by("another"))).isTrue();
    }

    @Test
    void anIpv6NetworkIsOneAddress() {
        fail(LoginThrottle.USER_BURST, "2001:db8:0:1:0:0:0:1", "admin");

        assertThat(throttle.mayTry("2001:db8:0:1:9:9:9:9", by("admin"))).isFalse();
        assertThat(throttle.mayTry("2001:db8:0:2:0:0:0:1", by("admin"))).isTrue();
    }

    @Test
    void theTableIsBounded() {
        for (int i = 0; i < 2 * LoginThrottle.BUCKETS_MAX; i++) {
            throttle.failed("10.0." + i / 256 + "." + i % 256, by("x".repeat(1 + i % 4000)));
        }
        assertThat(throttle.size()).isLessThanOrEqualTo(LoginThrottle.BUCKETS_MAX);
    }
}
