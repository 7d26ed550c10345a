package io.leafd.bench.growth;

import java.util.Formatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Curves as an SVG with logarithmic axes. Pure. */
final class Plot {
    private static final int WIDTH = 640;
    private static final int HEIGHT = 360;
    private static final int LEFT = 70;
    private static final int RIGHT = 20;
    private static final int TOP = 40;
    private static final int BOTTOM = 50;
    private static final List<String> COLOURS = List.of("#0b6e4f", "#c1440e", "#3a5a9b", "#8a6d1d");

    private final StringBuilder svg = new StringBuilder();
    private final Formatter out = new Formatter(svg, Locale.ROOT);
    private final double smallestX;
    private final double largestX;
    private final double smallestY;
    private final double largestY;

    /** A point of a curve; both above 0. */
    record Point(double x, double y) {}

    private Plot(List<Point> all) {
        smallestX = all.stream().mapToDouble(Point::x).min().orElse(1);
        largestX = all.stream().mapToDouble(Point::x).max().orElse(10);
        smallestY = decade(all.stream().mapToDouble(Point::y).min().orElse(1), false);
        largestY = decade(all.stream().mapToDouble(Point::y).max().orElse(10), true);
    }

    /**
     * Draws curves.
     *
     * @param curves points by the name of their curve, in order of the key
     */
    static String svg(String title, String sizeText, Map<String, List<Point>> curves) {
        var plot = new Plot(curves.values().stream().flatMap(List::stream).toList());
        plot.frame(title, sizeText);
        int number = 0;
        for (Map.Entry<String, List<Point>> curve : curves.entrySet()) {
            plot.curve(curve.getKey(), curve.getValue(), number++);
        }
        return plot.svg.append("</svg>\n").toString();
    }

    private void frame(String title, String sizeText) {
        out.format(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" font-family=\"sans-serif\" font-size=\"12\">%n",
                WIDTH, HEIGHT);
        out.format("<rect width=\"%d\" height=\"%d\" fill=\"white\"/>%n", WIDTH, HEIGHT);
        out.format("<text x=\"%d\" y=\"20\" font-size=\"14\">%s</text>%n", LEFT, title);
        out.format(
                "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">%s</text>%n",
                (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 12, sizeText);
        for (double x = decade(smallestX, true); x <= largestX; x *= 10) {
            out.format(
                    "<line x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\" stroke=\"#ddd\"/>%n",
                    left(x), left(x), TOP, HEIGHT - BOTTOM);
            out.format(
                    "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>%n",
                    left(x), HEIGHT - BOTTOM + 16, number(x));
        }
        for (double y = smallestY; y <= largestY * 1.01; y *= 10) {
            out.format(
                    "<line x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"#ddd\"/>%n",
                    LEFT, WIDTH - RIGHT, top(y), top(y));
            out.format("<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>%n", LEFT - 6, top(y) + 4, number(y));
        }
    }

    private void curve(String name, List<Point> points, int number) {
        String colour = COLOURS.get(number % COLOURS.size());
        var path = new StringBuilder();
        for (Point point : points) {
            path.append(
                    String.format(Locale.ROOT, "%s%.1f,%.1f", path.isEmpty() ? "" : " ", left(point.x), top(point.y)));
            out.format("<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" fill=\"%s\"/>%n", left(point.x), top(point.y), colour);
        }
        out.format("<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"/>%n", path, colour);
        out.format("<text x=\"%d\" y=\"%d\" fill=\"%s\">%s</text>%n", LEFT + 10, TOP + 16 + 16 * number, colour, name);
    }

    private double left(double x) {
        double share = largestX == smallestX ? 0.5 : Math.log(x / smallestX) / Math.log(largestX / smallestX);
        return LEFT + share * (WIDTH - LEFT - RIGHT);
    }

    private double top(double y) {
        double share = Math.log(y / smallestY) / Math.log(largestY / smallestY);
        return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM);
    }

    /** The next power of ten. */
    static double decade(double value, boolean above) {
        double exponent = Math.log10(value);
        return Math.pow(10, above ? Math.ceil(exponent - 1e-9) : Math.ceil(exponent - 1e-9) - 1);
    }

    private static String number(double value) {
        return value >= 1 ? String.format(Locale.ROOT, "%,.0f", value) : Double.toString(value);
    }
}
