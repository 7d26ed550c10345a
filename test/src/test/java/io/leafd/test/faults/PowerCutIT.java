package io.leafd.test.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The power goes at random moments under load: what was acknowledged is on the disk, and the server starts on what it finds there. */
@Timeout(value = 2, unit = TimeUnit.HOURS)
class PowerCutIT {
    private static final int DISK_MIB = 512;
    private static final int WRITERS = 4;

    @Test
    void nothingAcknowledgedIsLostByPowerCuts() {
        Profile profile = Profile.of("power-cut");
        Box.Kind kind = Box.Kind.chosen();
        boolean forwards = kind == Box.Kind.LEAFD;
        try (Disk disk = Disk.format(DISK_MIB);
                Hub hub = forwards ? Hub.start() : null;
                Box box = Box.on(
                        kind, disk.mountPoint().resolve("data"), hub == null ? "" : Box.SMALL_DISK + hub.upstream())) {
            var workload = new Workload(box, hub, WRITERS, profile.isLong() ? 150 : 500);
            box.start();
            workload.prepare();
            int rounds = profile.rounds(3, 50);
            long flushes = 0;
            for (int round = 1; round <= rounds; round++) {
                workload.start();
                Moments.pass(profile.between(300, 1_500));
                disk.cut(profile.random());
                workload.halt();
                box.kill();
                flushes += disk.platters().flushes();
                disk.restore();
                box.start();
                Findings findings = workload.look();
                assertThat(findings.problems())
                        .as("%s, round %d, %s", profile, round, findings)
                        .isEmpty();
            }
            Findings findings = workload.check();
            profile.report("rounds=%d flushes=%d %s".formatted(rounds, flushes, findings));
            assertThat(findings.problems()).as(profile.toString()).isEmpty();
            assertThat(workload.ledger().acknowledged()).isPositive();
        }
    }
}
