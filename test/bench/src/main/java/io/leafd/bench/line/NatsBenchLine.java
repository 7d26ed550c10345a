package io.leafd.bench.line;

import io.leafd.bench.load.Flood;
import io.leafd.test.peer.ServerProcess;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What users of nats-bench, which comes with the Go client, see: the load generator takes more of the machine than the server does. Its
 * rate is that of its first line: messages in and out, so that one publisher and four subscribers make five of each message. Each
 * run is a process with connections of its own that lasts some seconds at most, so servers are warmed up by whole runs.
 *
 * @param program the nats-bench to run
 */
record NatsBenchLine(Path program, Flood.Shape shape) implements Line {
    private static final double RATE_GOAL = 1.0;
    private static final int MESSAGES = 2_000_000;
    private static final Pattern RATE = Pattern.compile("stats: ([0-9,]+) msgs/sec");

    @Override
    public String name() {
        return "nats-bench-" + shape.text();
    }

    @Override
    public List<Contender> contenders() {
        return Contender.CORE;
    }

    @Override
    public List<Goal> goals() {
        return List.of(new Goal(Metric.RATE, Contender.BARE, RATE_GOAL));
    }

    @Override
    public Map<Metric, Double> run(Contender contender, Bed bed) {
        try (ServerProcess server = bed.server(contender)) {
            server.start();
            long warmAtNs = System.nanoTime() + bed.warmUp().toNanos();
            while (System.nanoTime() - warmAtNs < 0) {
                output(server.clientPort());
            }
            long cpuNs = ProcessUse.cpuNs(server.pid());
            double rate = rate(output(server.clientPort()));
            double usedNs = ProcessUse.cpuNs(server.pid()) - cpuNs;
            return Map.of(Metric.RATE, rate, Metric.CPU, usedNs / 1e3 / MESSAGES);
        }
    }

    private String output(int port) {
        try {
            Process process = new ProcessBuilder(
                            program.toString(),
                            "-s",
                            "nats://127.0.0.1:" + port,
                            "-np",
                            Integer.toString(shape.publishers()),
                            "-ns",
                            Integer.toString(shape.subscribers()),
                            "-n",
                            Integer.toString(MESSAGES),
                            "-ms",
                            Integer.toString(shape.payloadBytes()),
                            "bench.nats")
                    .redirectErrorStream(true)
                    .start();
            try (InputStream output = process.getInputStream()) {
                return new String(output.readAllBytes(), StandardCharsets.UTF_8);
            } finally {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The rate of the first line of what nats-bench prints, messages a second.
     *
     * @throws IllegalStateException when there is none, with what it printed
     */
    static double rate(String output) {
        Matcher matcher = RATE.matcher(output);
        if (!matcher.find()) {
            throw new IllegalStateException("nats-bench says no rate: " + output);
        }
        return Double.parseDouble(matcher.group(1).replace(",", ""));
    }
}
