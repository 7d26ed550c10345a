package io.leafd.bench.line;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * 500,000 messages of 128 bytes stored at the edge while the link is down, then it comes up. {@link Metric#TIME} counts from the
 * hub's taking the connection to the last message in its stream, {@link Metric#RATE} from the first message seen there.
 *
 * <p>Servers of this kind run for months, so {@value #OUTAGES_BEFORE} outages before the measured one do not count: in the first ones a third of
 * two processors is Java's compiler.
 *
 * @param forward whether leafd forwards, while a nats-server has its stream mirrored by the hub; else the hub mirrors both
 */
record CatchUpLine(String name, boolean forward) implements Line {
    private static final long MESSAGES = 500_000;
    private static final int OUTAGES_BEFORE = 3;

    @Override
    public List<Contender> contenders() {
        return List.of(Contender.LEAFD, Contender.DEFAULT);
    }

    @Override
    public List<Goal> goals() {
        return List.of(new Goal(Metric.RATE, Contender.DEFAULT, 1.0), new Goal(Metric.TIME, Contender.DEFAULT, 1.0));
    }

    @Override
    public Map<Metric, Double> run(Contender contender, Bed bed) {
        try (LinkedSite site = LinkedSite.start(contender, bed, forward)) {
            for (int i = 0; i < OUTAGES_BEFORE; i++) {
                site.outage(MESSAGES);
            }
            LinkedSite.CaughtUp result = site.outage(MESSAGES);
            return Map.of(
                    Metric.TIME, millis(result.time()),
                    Metric.RATE, result.perSecond(),
                    Metric.CPU, result.cpu().toNanos() / 1e3 / MESSAGES);
        }
    }

    private static double millis(Duration time) {
        return time.toNanos() / 1e6;
    }
}
