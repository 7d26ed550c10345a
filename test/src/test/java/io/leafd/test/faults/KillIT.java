package io.leafd.test.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code kill -9} at random moments under load: nothing acknowledged is lost, nothing comes twice or out of order. */
@Timeout(value = 2, unit = TimeUnit.HOURS)
class KillIT {
    private static final int WRITERS = 4;

    @Test
    void nothingAcknowledgedIsLostByKills() {
        Profile profile = Profile.of("kill");
        Box.Kind kind = Box.Kind.chosen();
        try (Hub hub = kind == Box.Kind.LEAFD ? Hub.start() : null;
                Box box = Box.on(kind, hub == null ? "" : hub.upstream())) {
            var workload = new Workload(box, hub, WRITERS, profile.isLong() ? 250 : 1_000);
            box.start();
            workload.prepare();
            int rounds = profile.rounds(4, 100);
            workload.start();
            for (int round = 0; round < rounds; round++) {
                Moments.pass(profile.between(50, 1_500));
                box.kill();
                box.start();
            }
            Moments.pass(profile.between(200, 500));
            workload.stop();
            Findings findings = workload.check();
            profile.report("rounds=%d %s".formatted(rounds, findings));
            profile.judge(findings);
            assertThat(workload.ledger().acknowledged()).isPositive();
        }
    }
}
