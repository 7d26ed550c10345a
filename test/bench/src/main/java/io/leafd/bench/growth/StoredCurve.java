package io.leafd.bench.growth;

import io.leafd.bench.line.Bed;
import io.leafd.bench.line.BenchStream;
import io.leafd.bench.line.Contender;
import io.leafd.bench.line.ProcessUse;
import io.leafd.bench.load.StreamPublish;
import io.leafd.test.peer.ServerProcess;
import java.util.List;

/** Asynchronous publish of 128 bytes into a stream that already holds many messages. */
record StoredCurve(List<Long> sizes) implements Curve {
    private static final int WINDOW = 500;

    @Override
    public String name() {
        return "messages";
    }

    @Override
    public String sizeText() {
        return "messages in the stream";
    }

    @Override
    public Cost cost(Contender contender, Bed bed, long size) {
        try (ServerProcess server = bed.server(contender)) {
            server.start();
            BenchStream.create(server);
            BenchStream.fill(server, size);
            return published(server, bed, List.of(BenchStream.SUBJECT));
        }
    }

    /** Publishes to the subjects in turn and returns what a message cost. */
    static Cost published(ServerProcess server, Bed bed, List<String> subjects) {
        var shape = new StreamPublish.Shape(subjects, 1, WINDOW, 128);
        try (var publish = new StreamPublish(server.clientPort(), shape)) {
            publish.run(bed.warmUp());
            long cpuNs = ProcessUse.cpuNs(server.pid());
            StreamPublish.Result result = publish.run(bed.measured());
            double usedNs = ProcessUse.cpuNs(server.pid()) - cpuNs;
            return new Cost(usedNs / 1e3 / result.acknowledged(), ProcessUse.residentBytes(server.pid()) / 1e6);
        }
    }
}
