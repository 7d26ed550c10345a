package io.leafd.bench.line;

import io.leafd.bench.load.Flood;
import io.leafd.bench.load.StreamPublish;
import io.leafd.test.peer.ServerProcess;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Memory of a server that has just started, and of one that has had every kind of load, three times each in turn. */
record FootprintLine() implements Line {
    private static final double MB = 1e6;
    private static final int ROUNDS = 3;
    private static final long SETTLE_MS = 12_000; // leafd gives memory back every ten seconds
    private static final List<Flood.Shape> SHAPES = List.of(
            new Flood.Shape(1, 4, 128),
            new Flood.Shape(4, 4, 16),
            new Flood.Shape(1, 1, 1024),
            new Flood.Shape(4, 4, 16 * 1024));

    @Override
    public String name() {
        return "footprint";
    }

    @Override
    public List<Contender> contenders() {
        return List.of(Contender.LEAFD, Contender.DEFAULT);
    }

    @Override
    public List<Goal> goals() {
        return List.of(
                new Goal(Metric.IDLE, Contender.LEAFD, 80),
                new Goal(Metric.LOADED, Contender.LEAFD, 128),
                new Goal(Metric.LOADED, Contender.DEFAULT, 1.0));
    }

    @Override
    public Map<Metric, Double> run(Contender contender, Bed bed) {
        try (ServerProcess server = bed.server(contender)) {
            server.start();
            Pause.millis(SETTLE_MS);
            Map<Metric, Double> figures = new HashMap<>();
            figures.put(Metric.IDLE, ProcessUse.residentBytes(server.pid()) / MB);
            BenchStream.create(server);
            for (int round = 0; round < ROUNDS; round++) {
                load(server, bed);
            }
            Pause.millis(SETTLE_MS);
            figures.put(Metric.LOADED, ProcessUse.residentBytes(server.pid()) / MB);
            figures.put(Metric.PEAK, ProcessUse.residentPeakBytes(server.pid()) / MB);
            return figures;
        }
    }

    private static void load(ServerProcess server, Bed bed) {
        for (Flood.Shape shape : SHAPES) {
            try (var flood = new Flood(server.clientPort(), shape)) {
                flood.run(bed.measured());
            }
        }
        var shape = new StreamPublish.Shape(List.of(BenchStream.SUBJECT), 4, 250, 128);
        try (var publish = new StreamPublish(server.clientPort(), shape)) {
            publish.run(bed.measured());
        }
    }
}
