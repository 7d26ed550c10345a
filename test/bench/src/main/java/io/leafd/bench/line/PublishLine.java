package io.leafd.bench.line;

import io.leafd.bench.load.StreamPublish;
import io.leafd.test.peer.ServerProcess;
import java.util.List;
import java.util.Map;

/**
 * Publishing into a stream until the acknowledgement: leafd has every acknowledged message on disk, and so has nats-server when it
 * syncs always; by default it has not.
 *
 * @param window 1 for the synchronous publish
 */
record PublishLine(String name, int publishers, int window, List<Goal> goals) implements Line {
    private static final int PAYLOAD_BYTES = 128;

    @Override
    public List<Contender> contenders() {
        return List.of(Contender.LEAFD, Contender.ALWAYS, Contender.DEFAULT);
    }

    @Override
    public Map<Metric, Double> run(Contender contender, Bed bed) {
        try (ServerProcess server = bed.server(contender)) {
            server.start();
            BenchStream.create(server);
            var shape = new StreamPublish.Shape(List.of(BenchStream.SUBJECT), publishers, window, PAYLOAD_BYTES);
            try (var publish = new StreamPublish(server.clientPort(), shape)) {
                publish.run(bed.warmUp());
                long cpuNs = ProcessUse.cpuNs(server.pid());
                StreamPublish.Result result = publish.run(bed.measured());
                double usedNs = ProcessUse.cpuNs(server.pid()) - cpuNs;
                return Map.of(Metric.RATE, result.perSecond(), Metric.CPU, usedNs / 1e3 / result.acknowledged());
            }
        }
    }
}
