package io.leafd.bench.line;

import io.leafd.bench.load.Latencies;
import io.leafd.bench.load.RequestReply;
import io.leafd.test.peer.ServerProcess;
import java.util.List;
import java.util.Map;

/** A question and its answer between two clients, 128 bytes each way, one at a time. */
record RequestReplyLine() implements Line {

    @Override
    public String name() {
        return "request-reply";
    }

    @Override
    public List<Contender> contenders() {
        return Contender.CORE;
    }

    @Override
    public List<Goal> goals() {
        return List.of(
                new Goal(Metric.MEDIAN, Contender.BARE, 1.0),
                new Goal(Metric.P99, Contender.BARE, 1.0),
                new Goal(Metric.CPU, Contender.BARE, 0.6));
    }

    @Override
    public Map<Metric, Double> run(Contender contender, Bed bed) {
        try (ServerProcess server = bed.server(contender)) {
            server.start();
            try (var exchange = new RequestReply(server.clientPort())) {
                exchange.run(bed.warmUp());
                long cpuNs = ProcessUse.cpuNs(server.pid());
                Latencies latencies = exchange.run(bed.measured());
                double usedNs = ProcessUse.cpuNs(server.pid()) - cpuNs;
                return Map.of(
                        Metric.MEDIAN, latencies.quantileNs(0.5) / 1e3,
                        Metric.P99, latencies.quantileNs(0.99) / 1e3,
                        Metric.CPU, usedNs / 1e3 / latencies.count());
            }
        }
    }
}
