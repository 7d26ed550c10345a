package io.leafd.bench.line;

import io.leafd.bench.load.Flood;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** All lines, in the order of the report. */
public final class Lines {
    private static final int[][] SHAPES = {{1, 0}, {1, 1}, {1, 4}, {4, 4}};
    private static final int SYNC = 1;
    private static final int ASYNC = 500;

    private Lines() {}

    /**
     * The catalogue. The lines of nats-bench and of the package are in it where system properties {@code leafd.nats-bench} and
     * {@code leafd.package} name the files.
     */
    public static List<Line> all() {
        List<Line> lines = new ArrayList<>();
        for (int[] shape : SHAPES) {
            lines.add(new CoreLine(new Flood.Shape(shape[0], shape[1], 16), 1.5));
            lines.add(new CoreLine(new Flood.Shape(shape[0], shape[1], 128), 1.5));
            lines.add(new CoreLine(new Flood.Shape(shape[0], shape[1], 1024), 1.0));
            lines.add(new CoreLine(new Flood.Shape(shape[0], shape[1], 16 * 1024), 0.9));
        }
        lines.add(new RequestReplyLine());
        lines.add(new LocalLatencyLine(false));
        lines.add(new LocalLatencyLine(true));
        lines.add(new PublishLine("publish-sync-1", 1, SYNC, List.of(goal(Contender.ALWAYS, 1.1))));
        lines.add(new PublishLine(
                "publish-sync-16", 16, SYNC, List.of(goal(Contender.ALWAYS, 5), goal(Contender.DEFAULT, 1))));
        lines.add(new PublishLine(
                "publish-async", 1, ASYNC, List.of(goal(Contender.ALWAYS, 8), goal(Contender.DEFAULT, 1))));
        lines.add(new PullLine());
        lines.add(new CatchUpLine("catch-up", false));
        lines.add(new CatchUpLine("catch-up-forward", true));
        lines.add(new StartLine());
        lines.add(new FootprintLine());
        String natsBench = System.getProperty("leafd.nats-bench", "");
        if (!natsBench.isEmpty()) {
            for (int[] shape : SHAPES) {
                lines.add(new NatsBenchLine(Path.of(natsBench), new Flood.Shape(shape[0], shape[1], 16)));
                lines.add(new NatsBenchLine(Path.of(natsBench), new Flood.Shape(shape[0], shape[1], 128)));
            }
        }
        String deb = System.getProperty("leafd.package", "");
        if (!deb.isEmpty()) {
            lines.add(new PackageLine(Path.of(deb)));
        }
        return lines;
    }

    private static Goal goal(Contender against, double bound) {
        return new Goal(Metric.RATE, against, bound);
    }
}
