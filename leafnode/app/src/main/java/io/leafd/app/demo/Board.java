package io.leafd.app.demo;

import io.leafd.app.demo.StreamView.Content;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Where the demo is told: lines that stay and, below them on a terminal, a table that lives. Without a terminal the table becomes
 * one line a second. Owned by the main thread.
 */
final class Board {
    private static final String ROW = "  %-21s %16s %8s %11s %9s%n";
    private static final String CURSOR_UP = "\u001b[%dA";
    private static final String CLEAR_BELOW = "\u001b[J";
    private static final long PLAIN_EVERY_NS = TimeUnit.SECONDS.toNanos(1);

    private final PrintStream out;
    private final boolean live;
    private final LongSupplier nanoTime;
    private final long startNs;
    private int drawnLines;
    private long plainAtNs;

    /** @param live whether the cursor can be moved */
    Board(PrintStream out, boolean live, LongSupplier nanoTime) {
        this.out = out;
        this.live = live;
        this.nanoTime = nanoTime;
        this.startNs = nanoTime.getAsLong();
        this.plainAtNs = startNs;
    }

    /** A line that stays, with the time. */
    void tell(String text) {
        erase();
        out.printf(Locale.ROOT, "%6.1f s  %s%n", seconds(), text);
        out.flush();
    }

    /** A line that stays. */
    void say(String text) {
        erase();
        out.println(text);
        out.flush();
    }

    /** The state of things now. */
    void show(Snapshot now) {
        if (live) {
            draw(now);
        } else if (nanoTime.getAsLong() - plainAtNs >= PLAIN_EVERY_NS) {
            plainAtNs = nanoTime.getAsLong();
            out.printf(
                    Locale.ROOT,
                    "%6.1f s  sent %6s   edge holds %6s   hub has %6s   link %s%n",
                    seconds(),
                    number(now.sent()),
                    all(now.edge()),
                    all(now.hub()),
                    now.link());
            out.flush();
        }
    }

    /** The account of the audit. */
    void table(List<Audit.Line> lines, Audit.Line total) {
        erase();
        out.printf(
                "%n  %-19s %7s %7s %9s %5s %11s %13s%n",
                "SENSOR", "SENT", "HELD", "RECEIVED", "LOST", "DUPLICATES", "OUT OF ORDER");
        var rows = new ArrayList<>(lines);
        rows.add(total);
        for (Audit.Line row : rows) {
            out.printf(
                    "  %-19s %7s %7s %9s %5s %11s %13s%n",
                    row == total ? "all" : row.sensor().label(),
                    number(row.sent()),
                    number(row.held()),
                    number(row.received()),
                    number(row.lost()),
                    number(row.duplicates()),
                    number(row.disordered()));
        }
        out.println();
        out.flush();
    }

    private void draw(Snapshot now) {
        erase();
        out.printf("%n" + ROW, "SENSOR", "NEWEST", "SENT", "EDGE HOLDS", "HUB HAS");
        drawnLines = 2;
        for (List<Reading> readings : now.made()) {
            if (!readings.isEmpty()) {
                Reading newest = readings.getLast();
                Sensor sensor = newest.sensor();
                row(sensor.label(), newest.shown(), readings.size(), of(now.edge(), sensor), of(now.hub(), sensor));
            }
        }
        row("all", "", now.sent(), all(now.edge()), all(now.hub()));
        out.printf("  link: %s%n", now.link());
        drawnLines++;
        out.flush();
    }

    private void row(String name, String newest, long sent, String edge, String hub) {
        out.printf(ROW, name, newest, number(sent), edge, hub);
        drawnLines++;
    }

    private void erase() {
        if (drawnLines > 0) {
            out.printf(CURSOR_UP + CLEAR_BELOW, drawnLines);
            drawnLines = 0;
        }
    }

    private double seconds() {
        return (nanoTime.getAsLong() - startNs) / 1e9;
    }

    private static String of(@Nullable Content side, Sensor sensor) {
        return side == null ? "down" : number(side.of(sensor));
    }

    private static String all(@Nullable Content side) {
        return side == null ? "down" : number(side.all());
    }

    private static String number(long count) {
        return String.format(Locale.ROOT, "%,d", count).replace(',', ' ');
    }
}
