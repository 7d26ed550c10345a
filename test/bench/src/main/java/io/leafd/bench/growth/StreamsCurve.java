package io.leafd.bench.growth;

import io.leafd.bench.line.Bed;
import io.leafd.bench.line.BenchStream;
import io.leafd.bench.line.Contender;
import io.leafd.test.peer.ServerProcess;
import java.util.ArrayList;
import java.util.List;

/** Asynchronous publish of 128 bytes to one of many streams after the other. */
record StreamsCurve(List<Long> sizes) implements Curve {

    @Override
    public String name() {
        return "streams";
    }

    @Override
    public String sizeText() {
        return "streams";
    }

    @Override
    public Cost cost(Contender contender, Bed bed, long size) {
        try (ServerProcess server = bed.server(contender)) {
            server.start();
            List<String> subjects = new ArrayList<>();
            for (long i = 0; i < size; i++) {
                String name = "S%04d".formatted(i); // of one length, as the frames of a burst must be
                subjects.add("bench.streams." + name);
                BenchStream.create(server, name, subjects.getLast());
            }
            return StoredCurve.published(server, bed, subjects);
        }
    }
}
