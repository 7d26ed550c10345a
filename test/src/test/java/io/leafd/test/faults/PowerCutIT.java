package io.leafd.test.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The power fails at random moments under load. What the disk had not flushed is as it was before, as it was written, or torn;
 * nothing that was acknowledged may be missing. leafd goes on with what the disk holds, cut after cut; another server begins each round
 * on a new disk, since one that has lost its stream would have nothing more to lose.
 */
@Timeout(value = 2, unit = TimeUnit.HOURS)
class PowerCutIT {
    private static final int WRITERS = 4;
    private static final int DISK_MIB = 512;

    private final Profile profile = Profile.of("power-cut");
    private final Box.Kind kind = Box.Kind.chosen();
    private final int rounds = profile.rounds(3, 50);

    @Test
    void nothingAcknowledgedIsLostByPowerCuts() {
        if (kind == Box.Kind.LEAFD) {
            cutAfterCut();
        } else {
            onNewDisks();
        }
    }

    private void cutAfterCut() {
        try (Disk disk = Disk.format(DISK_MIB);
                Hub hub = Hub.start();
                Box box = Box.on(kind, disk.mountPoint().resolve("data"), Box.SMALL_DISK + hub.upstream())) {
            var workload = new Workload(box, hub, WRITERS, profile.isLong() ? 150 : 500);
            box.start();
            workload.prepare();
            long flushes = 0;
            for (int round = 1; round <= rounds; round++) {
                flushes += cut(disk, box, workload);
                Findings findings = workload.look();
                assertThat(findings.problems())
                        .as("%s, round %d, %s", profile, round, findings)
                        .isEmpty();
            }
            Findings findings = workload.check();
            profile.report("rounds=%d flushes=%d %s".formatted(rounds, flushes, findings));
            profile.judge(findings);
            assertThat(workload.ledger().acknowledged()).isPositive();
        }
    }

    private void onNewDisks() {
        int harmed = 0;
        long acknowledged = 0;
        long lost = 0;
        for (int round = 1; round <= rounds; round++) {
            try (Disk disk = Disk.format(DISK_MIB);
                    Box box = Box.on(kind, disk.mountPoint().resolve("data"), "")) {
                var workload = new Workload(box, null, WRITERS, profile.isLong() ? 150 : 500);
                box.start();
                workload.prepare();
                cut(disk, box, workload);
                Findings findings = workload.look();
                harmed += findings.problems().isEmpty() ? 0 : 1;
                acknowledged += workload.ledger().acknowledged();
                lost += findings.stream().failures().lost().size();
            }
        }
        profile.report("rounds=%d with problems=%d acknowledged=%d of those lost=%d"
                .formatted(rounds, harmed, acknowledged, lost));
    }

    /** Lets the clients work, cuts, and starts the server again; answers how many flushes the disk had seen. */
    private long cut(Disk disk, Box box, Workload workload) {
        workload.start();
        Moments.pass(profile.between(300, 1_500));
        disk.cut(profile.random());
        workload.halt();
        box.kill();
        long flushes = disk.platters().flushes();
        disk.restore();
        box.start();
        return flushes;
    }
}
