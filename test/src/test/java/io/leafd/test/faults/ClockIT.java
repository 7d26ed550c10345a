package io.leafd.test.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.leafd.test.peer.Deadline;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The wall clock of a box without battery: set forward by decades, back by years, and to and fro, while messages have a maximum age. */
@Timeout(value = 1, unit = TimeUnit.HOURS)
class ClockIT {
    private static final Duration TWO_YEARS = Duration.ofDays(730);
    private static final Duration IDLE = Duration.ofMillis(50);
    private static final int IDLE_WITHIN_S = 10;
    private static final String AGED = ",\"max_age\":3600000000000,\"duplicate_window\":120000000000";

    private final Profile profile = Profile.of("clock");

    @Test
    void itIsSetWhileTheBoxServes() {
        jumps("while serving", false);
    }

    @Test
    void itIsSetWhileTheBoxIsDown() {
        jumps("while down", true);
    }

    @Test
    void strobing() {
        try (Box box = Box.on(Box.Kind.LEAFD, "")) {
            var clock = start(box, Duration.ZERO);
            var ledger = new Ledger(1);
            var writer = new StreamWriter(box.clientPort(), ledger, 0, "aged.w", 64, 1_000);
            writer.start();
            int strobes = profile.isLong() ? 300 : 25;
            for (int i = 0; i < strobes; i++) {
                Moments.pass(Duration.ofMillis(200));
                clock.shift(i % 2 == 0 ? TWO_YEARS : profile.between(-100_000, 100_000));
            }
            writer.stop();
            writer.join();
            Verdict verdict = judge(box, ledger);
            profile.report("strobing strobes=%d %s".formatted(strobes, verdict));
            assertThat(verdict.clean()).as("%s %s", profile, verdict).isTrue();
        }
    }

    private static Duration toNineteenSeventy() {
        return Duration.between(Instant.now(), Instant.EPOCH.plus(Duration.ofMinutes(10)));
    }

    /** From 1970 to now, two years ahead, and two years back; messages between all of them, and all must be there after each. */
    private void jumps(String name, boolean down) {
        int messages = profile.isLong() ? 10_000 : 500;
        try (Box box = Box.on(Box.Kind.LEAFD, "")) {
            var clock = start(box, toNineteenSeventy());
            var ledger = new Ledger(1);
            publish(box, ledger, messages);
            Verdict verdict = judge(box, ledger);
            for (Duration next : List.of(Duration.ZERO, TWO_YEARS, TWO_YEARS.negated(), Duration.ZERO)) {
                if (down) {
                    box.kill();
                }
                clock.shift(next);
                if (down) {
                    box.start();
                }
                publish(box, ledger, ledger.acknowledged() + messages);
                verdict = judge(box, ledger);
                assertThat(verdict.clean())
                        .as("%s, %s, clock set by %s: %s", profile, name, next, verdict)
                        .isTrue();
            }
            Duration idle = idleCpu(box);
            box.kill();
            box.start();
            Verdict restarted = judge(box, ledger);
            profile.report(
                    "%s: idle cpu=%d ms/s, %s, restarted: %s".formatted(name, idle.toMillis(), verdict, restarted));
            assertThat(restarted.clean())
                    .as("%s restarted %s", profile, restarted)
                    .isTrue();
            assertThat(idle).as("processor time of an idle second").isLessThanOrEqualTo(IDLE);
        }
    }

    private static FakeClock start(Box box, Duration shift) {
        var clock = new FakeClock(box.directory());
        clock.shift(shift);
        box.environment(clock.environment());
        box.start();
        try (JetStreamApi api = JetStreamApi.open(box.clientPort())) {
            api.createStream("AGED", "aged.>", AGED);
            long skew = Instant.parse(api.streamInfo("AGED").text("created")).getEpochSecond()
                    - Instant.now().plus(shift).getEpochSecond();
            assertThat(skew)
                    .as("seconds between the box's clock and what it was set to")
                    .isBetween(-30L, 30L);
        }
        return clock;
    }

    private static void publish(Box box, Ledger ledger, long until) {
        var writer = new StreamWriter(box.clientPort(), ledger, 0, "aged.w", 64, 5_000);
        writer.start();
        Deadline.await("acknowledged " + until, Duration.ofMinutes(2), () -> ledger.acknowledged() >= until);
        writer.stop();
        writer.join();
    }

    private static Verdict judge(Box box, Ledger ledger) {
        try (JetStreamApi api = JetStreamApi.open(box.clientPort())) {
            JetStreamApi.Reading reading = api.readIds("AGED");
            return ledger.judge(reading.entries(), reading.damaged().size());
        }
    }

    /** Waits for a second in which the box does next to nothing; there must be one soon. */
    private static Duration idleCpu(Box box) {
        Duration least = Duration.ofSeconds(1);
        for (int second = 0; second < IDLE_WITHIN_S && least.compareTo(IDLE) > 0; second++) {
            Duration start = ProcessLoad.cpu(box.pid());
            Moments.pass(Duration.ofSeconds(1));
            Duration used = ProcessLoad.cpu(box.pid()).minus(start);
            least = used.compareTo(least) < 0 ? used : least;
        }
        return least;
    }
}
