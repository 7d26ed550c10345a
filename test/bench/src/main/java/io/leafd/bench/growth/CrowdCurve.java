package io.leafd.bench.growth;

import io.leafd.bench.line.Bed;
import io.leafd.bench.line.Contender;
import io.leafd.bench.line.ProcessUse;
import io.leafd.test.peer.ServerProcess;
import java.util.List;

/**
 * Messages of 128 bytes to one of many subscriptions each.
 *
 * @param subscriptionsOfClientMax how many one client may have before the next one is connected
 */
record CrowdCurve(String name, String sizeText, List<Long> sizes, int subscriptionsOfClientMax) implements Curve {

    @Override
    public Cost cost(Contender contender, Bed bed, long size) {
        try (ServerProcess server = bed.server(contender)) {
            server.start();
            int each = (int) Math.min(size, subscriptionsOfClientMax);
            try (var crowd = new Crowd(server.clientPort(), (int) (size / each), each)) {
                crowd.run(bed.warmUp());
                long cpuNs = ProcessUse.cpuNs(server.pid());
                long messages = crowd.run(bed.measured());
                double usedNs = ProcessUse.cpuNs(server.pid()) - cpuNs;
                return new Cost(usedNs / 1e3 / messages, ProcessUse.residentBytes(server.pid()) / 1e6);
            }
        }
    }
}
