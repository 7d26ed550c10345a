package io.leafd.broker.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.leafd.security.login.Claim;
import io.leafd.security.login.ConnectionType;
import io.leafd.security.login.LoginRequest;
import io.leafd.security.login.LoginResult;
import io.leafd.security.login.LoginResult.Reason;
import io.leafd.security.login.Password;
import io.leafd.security.login.Proof;
import io.leafd.security.login.User;
import io.leafd.security.login.UserDirectory;
import io.leafd.security.permission.Permissions;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LoginDeskTest {
    private static final String HASH = Password.hash("right".getBytes(StandardCharsets.US_ASCII), new SecureRandom());
    private static final UserDirectory SLOW = users(HASH);
    private static final UserDirectory FAST = users("right");

    private final LoginDesk desk = new LoginDesk(() -> 0);
    private final Queue<String> told = new ConcurrentLinkedQueue<>();

    @AfterEach
    void close() {
        desk.close();
    }

    private static UserDirectory users(String password) {
        return UserDirectory.of(
                List.of(new User(
                        "u",
                        "A",
                        List.of(new Proof.ByPassword(Password.stored(password, "x"))),
                        Permissions.ALL,
                        Set.of())),
                null);
    }

    private static LoginDesk.Attempt attempt(UserDirectory users, String address, String password, boolean wanted) {
        var request = new LoginRequest(ConnectionType.STANDARD, Claim.ofPassword("u", password), "", null);
        return new LoginDesk.Attempt(users, request, address, () -> wanted);
    }

    private LoginResult now(String password) {
        LoginDesk.Attempt attempt = attempt(FAST, "192.0.2.1", password, true);
        return Objects.requireNonNull(desk.decide(attempt, result -> told.add("late")));
    }

    private void later(String address, boolean wanted) {
        assertThat(desk.decide(attempt(SLOW, address, "right", wanted), result -> told.add(address)))
                .isNull();
    }

    @Test
    void whatCostsLittleIsDecidedAtOnce() {
        assertThat(now("right")).isInstanceOf(LoginResult.Accepted.class);
        assertThat(now("wrong")).isEqualTo(new LoginResult.Refused(Reason.WRONG_PASSWORD));
        assertThat(told).isEmpty();
    }

    @Test
    void afterManyFailuresEvenARightPasswordIsNotLookedAt() {
        for (int i = 0; i < LoginThrottle.USER_BURST; i++) {
            assertThat(now("wrong")).isEqualTo(new LoginResult.Refused(Reason.WRONG_PASSWORD));
        }
        assertThat(now("right")).isEqualTo(new LoginResult.Refused(Reason.THROTTLED));
    }

    @Test
    void addressesTakeTurnsAndWhoIsGoneCostsNothing() {
        var mayGoOn = new CountDownLatch(1);
        desk.decide(attempt(SLOW, "first", "right", true), result -> await(mayGoOn));
        later("many", true);
        later("many", true);
        later("gone", false);
        later("other", true);
        mayGoOn.countDown();

        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> told.size() == 3);
        assertThat(told).containsExactly("many", "other", "many");
    }

    @Test
    void oneAddressMayNotFillTheDesk() {
        var mayGoOn = new CountDownLatch(1);
        desk.decide(attempt(SLOW, "first", "right", true), result -> await(mayGoOn));
        for (int i = 0; i < LoginDesk.WAITING_OF_ADDRESS_MAX; i++) {
            later("many", false);
        }
        assertThat(desk.decide(attempt(SLOW, "many", "right", true), result -> told.add("many")))
                .isEqualTo(new LoginResult.Refused(Reason.THROTTLED));
        later("other", true);
        mayGoOn.countDown();

        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> told.contains("other"));
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
