package io.leafd.bench.growth;

import io.leafd.bench.line.Bed;
import io.leafd.bench.line.Contender;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Measures the curves and draws them; run by {@code test/bench/growth DIRECTORY [PATTERN [LARGEST]]}. */
public final class Growth {
    private static final int EXIT_USAGE = 2;
    private static final int SUBSCRIPTIONS_OF_CLIENT_MAX = 100_000; // leafd's default max_subscriptions
    private static final List<Contender> CONTENDERS = List.of(Contender.LEAFD, Contender.DOMAIN);

    private final PrintStream out;
    private final Bed bed;
    private final long largest;

    private Growth(PrintStream out, Bed bed, long largest) {
        this.out = out;
        this.bed = bed;
        this.largest = largest;
    }

    /** Writes {@code NAME-cpu.svg} and {@code NAME-memory.svg} of each curve whose name matches into a directory. */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length < 1 || arguments.length > 3) {
            System.err.println("usage: test/bench/growth DIRECTORY [PATTERN [LARGEST]]");
            System.exit(EXIT_USAGE);
            return;
        }
        List<String> leafd =
                List.of(System.getProperty("leafd.command", "leafd").split(" +"));
        var bed = new Bed(leafd, List.of(), Duration.ofSeconds(5), Duration.ofSeconds(2));
        String pattern = arguments.length > 1 ? arguments[1] : ".*";
        long largest = arguments.length > 2 ? Long.parseLong(arguments[2]) : Long.MAX_VALUE;
        var growth = new Growth(System.out, bed, largest);
        Path directory = Files.createDirectories(Path.of(arguments[0]));
        for (Curve curve : curves()) {
            if (curve.name().matches(pattern)) {
                growth.draw(curve, directory);
            }
        }
    }

    private static List<Curve> curves() {
        return List.of(
                new CrowdCurve("clients", "clients with one subscription each", List.of(1L, 10L, 100L, 1_000L), 1),
                new CrowdCurve(
                        "subscriptions",
                        "subscriptions",
                        List.of(1L, 100L, 10_000L, 100_000L, 1_000_000L),
                        SUBSCRIPTIONS_OF_CLIENT_MAX),
                new StoredCurve(List.of(10_000L, 100_000L, 1_000_000L, 10_000_000L)),
                new StreamsCurve(List.of(1L, 10L, 100L, 1_000L)));
    }

    private void draw(Curve curve, Path directory) throws IOException {
        Map<String, List<Plot.Point>> cpu = new LinkedHashMap<>();
        Map<String, List<Plot.Point>> memory = new LinkedHashMap<>();
        for (Contender contender : CONTENDERS) {
            List<Plot.Point> cpuOfOne = new ArrayList<>();
            List<Plot.Point> memoryOfOne = new ArrayList<>();
            for (long size : curve.sizes()) {
                Curve.Cost cost = size <= largest ? measured(curve, contender, size) : null;
                if (cost != null) {
                    // processor time counts in steps of 10 ms: a cost of nothing is one that is too small to be seen
                    cpuOfOne.add(new Plot.Point(size, Math.max(1e-3, cost.cpuUs())));
                    memoryOfOne.add(new Plot.Point(size, cost.residentMb()));
                }
            }
            cpu.put(name(contender), cpuOfOne);
            memory.put(name(contender), memoryOfOne);
        }
        Files.writeString(
                directory.resolve(curve.name() + "-cpu.svg"),
                Plot.svg("Server CPU per message, µs", curve.sizeText(), cpu));
        Files.writeString(
                directory.resolve(curve.name() + "-memory.svg"),
                Plot.svg("Resident memory of the server, MB", curve.sizeText(), memory));
    }

    /** A size that a server does not reach has no point, and the reason is printed. */
    private Curve.@Nullable Cost measured(Curve curve, Contender contender, long size) {
        try {
            Curve.Cost cost = curve.cost(contender, bed, size);
            out.printf(
                    "%s %s %,d: %.2f µs, %.0f MB%n",
                    curve.name(), name(contender), size, cost.cpuUs(), cost.residentMb());
            return cost;
        } catch (RuntimeException e) {
            out.printf("%s %s %,d: not reached: %s%n", curve.name(), name(contender), size, e.getMessage());
            return null;
        }
    }

    private static String name(Contender contender) {
        return contender.leafd() ? "leafd" : "nats-server";
    }
}
