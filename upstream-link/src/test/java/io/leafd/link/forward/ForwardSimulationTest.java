package io.leafd.link.forward;

import static org.assertj.core.api.Assertions.assertThat;

import io.leafd.link.forward.Rig.FakeHubSettings;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Many seeded lives of a forward, each with its own faults: at the end the hub has everything once. */
final class ForwardSimulationTest {
    private static final int MESSAGES = 400;
    private static final int SEEDS = Integer.getInteger("forward.seeds", 25);
    private static final long MS = Simulation.MS;

    /** Which faults a life has. */
    private record Faults(boolean cuts, boolean crashes, boolean refusals, boolean deafness, boolean others) {}

    @Test
    void cutsLoseRepeatAndReorderNothing() {
        for (int seed = 0; seed < SEEDS; seed++) {
            Rig rig = live(seed, new Faults(true, false, false, false, false), FakeHubSettings.PLAIN);
            assertThat(rig.arrived()).as("seed %d", seed).isEqualTo(all());
        }
    }

    @Test
    void crashesLoseRepeatAndReorderNothing() {
        for (int seed = 0; seed < SEEDS; seed++) {
            Rig rig = live(seed, new Faults(true, true, false, false, false), FakeHubSettings.PLAIN);
            assertThat(rig.arrived()).as("seed %d", seed).isEqualTo(all());
        }
    }

    @Test
    void otherPublishersOnTheSameSubjectsDoNotConfuse() {
        for (int seed = 0; seed < SEEDS; seed++) {
            Rig rig = live(seed, new Faults(true, true, false, false, true), FakeHubSettings.PLAIN);
            assertThat(rig.arrived()).as("seed %d", seed).isEqualTo(all());
        }
    }

    @Test
    void refusalsAndSilenceLoseAndRepeatNothing() {
        for (int seed = 0; seed < SEEDS; seed++) {
            Rig rig = live(seed, new Faults(true, true, true, true, seed % 2 == 0), FakeHubSettings.PLAIN);
            assertThat(rig.arrived()).as("seed %d", seed).containsExactlyInAnyOrderElementsOf(all());
        }
    }

    @Test
    void anUpstreamThatKeepsTheLatestNeverGoesBack() {
        for (int seed = 0; seed < SEEDS; seed++) {
            Rig rig =
                    live(seed, new Faults(true, true, false, false, false), new FakeHubSettings("HUB", 100 * MS, true));
            Map<String, Long> latest = new HashMap<>();
            for (FakeHub.Stored stored : rig.hub.history) {
                long seq = Long.parseLong(stored.id().substring(stored.id().lastIndexOf('/') + 1));
                assertThat(seq).as("seed %d", seed).isGreaterThan(latest.getOrDefault(stored.subject(), 0L));
                latest.put(stored.subject(), seq);
            }
        }
    }

    @Test
    void aStreamThatIsMadeAnewIsSentFromItsStartWhateverTheFormerOneSent() {
        for (int seed = 0; seed < SEEDS; seed++) {
            var rig = new Rig(seed, false, FakeHubSettings.PLAIN);
            plan(rig, new Faults(seed % 2 == 0, false, false, false, false));
            rig.simulation.pass(rig.random.nextLong(50_000 * MS));
            int before = rig.hub.history.size();
            rig.remake();
            rig.simulation.pass(60_000 * MS);
            if (rig.link == null) {
                rig.connect();
            }
            assertThat(rig.drain(3_600_000 * MS)).as("seed %d drained", seed).isTrue();

            long last = rig.store.lastSeq();
            List<Long> arrived = rig.arrived();
            assertThat(arrived.subList(arrived.size() - (int) last, arrived.size()))
                    .as("seed %d", seed)
                    .isEqualTo(LongStream.rangeClosed(1, last).boxed().toList());
            assertThat(rig.hub.history).hasSizeGreaterThanOrEqualTo(before);
        }
    }

    @Test
    void withoutAcknowledgingStreamNothingIsLost() {
        for (int seed = 0; seed < SEEDS; seed++) {
            Rig rig =
                    live(seed, new Faults(true, true, false, false, false), new FakeHubSettings(null, 100 * MS, false));
            assertThat(rig.counts().keySet()).as("seed %d", seed).containsExactlyInAnyOrderElementsOf(all());
        }
    }

    private static List<Long> all() {
        return LongStream.rangeClosed(1, MESSAGES).boxed().toList();
    }

    private static Rig live(int seed, Faults faults, FakeHubSettings settings) {
        var rig = new Rig(seed, seed % 3 != 0, settings);
        rig.delayNs = (1 + rig.random.nextInt(300)) * MS;
        rig.bytesPerSecond = 4_000L << rig.random.nextInt(12);
        plan(rig, faults);
        long untilNs = rig.simulation.nowNs() + 60_000 * MS;
        rig.simulation.runUntil(() -> false, untilNs);
        rig.hub.refuseCode = 0;
        rig.hub.deaf = false;
        rig.hub.apiDeaf = false;
        if (rig.link == null) {
            rig.connect();
        }
        assertThat(rig.drain(3_600_000 * MS))
                .as("seed %d drained, is %s at %d", seed, rig.forward.word(), rig.forward.confirmedSeq())
                .isTrue();
        return rig;
    }

    private static void plan(Rig rig, Faults faults) {
        var subjects = new ArrayList<String>();
        for (int i = 0, count = 1 + rig.random.nextInt(20); i < count; i++) {
            subjects.add("plant." + i);
        }
        Simulation simulation = rig.simulation;
        for (int i = 0; i < MESSAGES; i++) {
            String subject = subjects.get(rig.random.nextInt(subjects.size()));
            int bytes = 10 + rig.random.nextInt(400);
            simulation.in(rig.random.nextLong(50_000 * MS), () -> rig.append(subject, bytes));
        }
        if (faults.others) {
            for (int i = 0; i < MESSAGES; i++) {
                String subject = subjects.get(rig.random.nextInt(subjects.size()));
                simulation.in(rig.random.nextLong(50_000 * MS), () -> rig.hub.publish(subject));
            }
        }
        rig.connect();
        for (int i = 0, count = 1 + rig.random.nextInt(12); i < count; i++) {
            long atNs = rig.random.nextLong(55_000 * MS);
            if (faults.crashes && rig.random.nextInt(3) == 0) {
                simulation.in(atNs, rig::crash);
            } else if (faults.cuts) {
                simulation.in(atNs, rig::cut);
            }
            long backNs = atNs + 400 * MS + rig.random.nextLong(3_000 * MS);
            simulation.in(backNs, () -> {
                if (rig.link == null) {
                    rig.connect();
                }
            });
        }
        for (int i = 0; i < 3; i++) {
            long atNs = rig.random.nextLong(50_000 * MS);
            long endNs = atNs + rig.random.nextLong(8_000 * MS);
            if (faults.refusals) {
                simulation.in(atNs, () -> rig.hub.refuseCode = 10077);
                simulation.in(endNs, () -> rig.hub.refuseCode = 0);
            }
            if (faults.deafness) {
                simulation.in(atNs + 3_000 * MS, () -> rig.hub.deaf = true);
                simulation.in(endNs + 3_000 * MS, () -> rig.hub.deaf = false);
            }
        }
    }
}
