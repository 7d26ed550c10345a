package io.leafd.bench.line;

import io.leafd.test.peer.ServerProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.List;
import java.util.Map;

/** From the start of the process to the first byte of the INFO that its first client gets. */
record StartLine() implements Line {
    private static final double GOAL_MS = 250;
    private static final long LIMIT_NS = 30_000_000_000L;

    @Override
    public String name() {
        return "start";
    }

    @Override
    public List<Contender> contenders() {
        return Contender.CORE;
    }

    @Override
    public List<Goal> goals() {
        return List.of(new Goal(Metric.TIME, Contender.LEAFD, GOAL_MS));
    }

    @Override
    public Map<Metric, Double> run(Contender contender, Bed bed) {
        try (ServerProcess server = bed.server(contender)) {
            server.start(); // the first start makes the data directory and brings the files into the page cache
            server.terminate();
            long startNs = System.nanoTime();
            server.launch();
            while (!greets(server)) {
                if (System.nanoTime() - startNs > LIMIT_NS) {
                    throw new IllegalStateException("no INFO after 30 s: " + server.logTail());
                }
                Pause.millis(1);
            }
            return Map.of(Metric.TIME, (System.nanoTime() - startNs) / 1e6);
        }
    }

    private static boolean greets(ServerProcess server) {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.clientPort())) {
            return socket.getInputStream().read() == 'I';
        } catch (IOException notYet) {
            return false;
        }
    }
}
