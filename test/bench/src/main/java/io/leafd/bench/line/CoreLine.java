package io.leafd.bench.line;

import io.leafd.bench.load.Flood;
import io.leafd.test.peer.ServerProcess;
import java.util.List;
import java.util.Map;

/**
 * Publish and subscribe without streams.
 *
 * @param rateGoal least ratio to the bare nats-server, {@link #CPU_GOAL} holds beside it
 */
record CoreLine(Flood.Shape shape, double rateGoal) implements Line {
    private static final double CPU_GOAL = 0.6;

    @Override
    public String name() {
        return "core-" + shape.text();
    }

    @Override
    public List<Contender> contenders() {
        return Contender.CORE;
    }

    @Override
    public List<Goal> goals() {
        return List.of(new Goal(Metric.RATE, Contender.BARE, rateGoal), new Goal(Metric.CPU, Contender.BARE, CPU_GOAL));
    }

    @Override
    public Map<Metric, Double> run(Contender contender, Bed bed) {
        try (ServerProcess server = bed.server(contender)) {
            server.start();
            try (var flood = new Flood(server.clientPort(), shape)) {
                flood.run(bed.warmUp());
                long cpuNs = ProcessUse.cpuNs(server.pid());
                Flood.Result result = flood.run(bed.measured());
                double usedNs = ProcessUse.cpuNs(server.pid()) - cpuNs;
                return Map.of(Metric.RATE, result.perSecond(), Metric.CPU, usedNs / 1e3 / result.messages());
            }
        }
    }
}
