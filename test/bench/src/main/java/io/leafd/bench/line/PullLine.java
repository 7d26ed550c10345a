package io.leafd.bench.line;

import io.leafd.bench.load.PullConsume;
import io.leafd.test.peer.ServerProcess;
import java.util.List;
import java.util.Map;

/** A durable pull consumer: batches of 500 messages of 128 bytes, each message acknowledged. */
record PullLine() implements Line {
    private static final long MESSAGES = 200_000;
    /** A consumer runs for months: what its server compiles or learns in the first seconds does not count. */
    private static final int WARM_UPS = 4;

    @Override
    public String name() {
        return "pull-consume";
    }

    @Override
    public List<Contender> contenders() {
        return List.of(Contender.LEAFD, Contender.DEFAULT);
    }

    @Override
    public List<Goal> goals() {
        return List.of(new Goal(Metric.RATE, Contender.DEFAULT, 1.0));
    }

    @Override
    public Map<Metric, Double> run(Contender contender, Bed bed) {
        try (ServerProcess server = bed.server(contender)) {
            server.start();
            BenchStream.create(server);
            BenchStream.fill(server, MESSAGES);
            for (int i = 0; i < WARM_UPS; i++) {
                try (var warmUp = new PullConsume(server.clientPort(), BenchStream.NAME, "WARM-" + i)) {
                    warmUp.run(MESSAGES);
                }
            }
            try (var pull = new PullConsume(server.clientPort(), BenchStream.NAME, "PULL")) {
                long cpuNs = ProcessUse.cpuNs(server.pid());
                long elapsedNs = pull.run(MESSAGES);
                double usedNs = ProcessUse.cpuNs(server.pid()) - cpuNs;
                return Map.of(Metric.RATE, MESSAGES * 1e9 / elapsedNs, Metric.CPU, usedNs / 1e3 / MESSAGES);
            }
        }
    }
}
