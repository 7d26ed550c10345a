package io.leafd.test.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** SIGSTOP and SIGCONT under load: the clients wait, nothing is lost, nothing comes twice. */
@Timeout(value = 2, unit = TimeUnit.HOURS)
class PauseIT {
    private static final int WRITERS = 4;

    @Test
    void nothingIsLostByPauses() {
        Profile profile = Profile.of("pause");
        Box.Kind kind = Box.Kind.chosen();
        try (Hub hub = kind == Box.Kind.LEAFD ? Hub.start() : null;
                Box box = Box.on(kind, hub == null ? "" : hub.upstream())) {
            var workload = new Workload(box, hub, WRITERS, 200);
            box.start();
            workload.prepare();
            workload.start();
            int rounds = profile.rounds(2, 20);
            for (int round = 0; round < rounds; round++) {
                Moments.pass(profile.between(300, 1_500));
                box.signal("STOP");
                Moments.pass(
                        profile.isLong() && round % 10 == 9
                                ? profile.between(60_000, 120_000)
                                : profile.between(1_000, 4_500));
                box.signal("CONT");
            }
            Moments.pass(profile.between(1_000, 1_500));
            workload.stop();
            Findings findings = workload.check();
            profile.report("rounds=%d %s".formatted(rounds, findings));
            profile.judge(findings);
            assertThat(workload.ledger().acknowledged()).isPositive();
        }
    }
}
