package io.leafd.app.demo;

import io.leafd.app.demo.Audit.Line;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/**
 * The result of the audit. Immutable.
 *
 * @param lines  one for each sensor
 * @param total  their sum; its sensor means nothing
 * @param foreign messages of the hub's stream that come from no sensor
 */
record Verdict(List<Line> lines, Line total, long foreign) {
    static Verdict of(List<Line> lines, long received) {
        if (lines.isEmpty()) {
            throw new IllegalArgumentException("no sensor has measured anything");
        }
        var total = new Line(
                lines.getFirst().sensor(),
                sum(lines, Line::sent),
                sum(lines, Line::held),
                sum(lines, Line::received),
                sum(lines, Line::lost),
                sum(lines, Line::duplicates),
                sum(lines, Line::disordered),
                sum(lines, Line::altered));
        return new Verdict(lines, total, received - total.received());
    }

    boolean good() {
        return total.good() && foreign == 0 && total.sent() > 0 && total.held() > 0;
    }

    /** For people. */
    String sentence() {
        if (good()) {
            return "Nothing was lost: each of the " + total.sent()
                    + " readings is in the hub's stream once, in order and"
                    + " unchanged.\nHELD is what waited on the edge's disk, through the kill -9, when the link was mended.";
        }
        var faults = new ArrayList<String>();
        note(faults, total.lost(), "lost");
        note(faults, total.duplicates(), "received more than once");
        note(faults, total.disordered(), "out of order");
        note(faults, total.altered() + foreign, "not as they were sent");
        if (total.held() == 0) {
            faults.add("nothing was held at the edge while the link was cut");
        }
        return "FAILED: " + String.join(", ", faults) + ". To look into the logs run it again: leafd demo --keep";
    }

    /** {@code {"ok":true,"sent":…,"sensors":[…]}}. */
    Map<String, Object> tree() {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("ok", good());
        put(total, tree);
        tree.put("sensors", lines.stream().map(Verdict::tree).toList());
        return tree;
    }

    private static Map<String, Object> tree(Line line) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("subject", line.sensor().subject());
        tree.put("unit", line.sensor().kind().unit());
        put(line, tree);
        return tree;
    }

    private static void put(Line line, Map<String, Object> tree) {
        tree.put("sent", line.sent());
        tree.put("held", line.held());
        tree.put("received", line.received());
        tree.put("lost", line.lost());
        tree.put("duplicates", line.duplicates());
        tree.put("out_of_order", line.disordered());
        tree.put("altered", line.altered());
    }

    private static void note(List<String> faults, long count, String what) {
        if (count > 0) {
            faults.add(count + " " + what);
        }
    }

    private static long sum(List<Line> lines, ToLongFunction<Line> column) {
        return lines.stream().mapToLong(column).sum();
    }
}
