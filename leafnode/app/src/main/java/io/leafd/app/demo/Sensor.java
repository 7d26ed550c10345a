package io.leafd.app.demo;

import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A sensor of a hydraulic press. Immutable, any thread.
 *
 * <p>The values are generated, not recorded: a stroke every {@value #STROKE_SECONDS} seconds drives pressure and vibration, the
 * oil follows the time of day and the work. A seed makes the noise, so that the same moment always reads the same.
 *
 * @param press 1 for the first
 */
record Sensor(int press, Kind kind) {
    private static final int PRESSES = 3;
    private static final double STROKE_SECONDS = 6;
    private static final double PRESSING_FROM = 0.35;
    private static final double PRESSING_TO = 0.6;
    private static final double DAY_SECONDS = 86_400;
    private static final double WARMEST_AT = 0.625; // of the day: three in the afternoon
    private static final long SEED = 7;

    /** What is measured. */
    enum Kind {
        TEMPERATURE(1, "°C"),
        PRESSURE(2, "bar"),
        VIBRATION(3, "mm/s");

        private final int number;
        private final String unit;

        Kind(int number, String unit) {
            this.number = number;
            this.unit = unit;
        }

        /** Tells its noise from that of the others. */
        private int number() {
            return number;
        }

        String unit() {
            return unit;
        }

        private String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** All sensors of the hall, press by press. */
    static List<Sensor> hall() {
        return IntStream.rangeClosed(1, PRESSES)
                .boxed()
                .flatMap(press -> Stream.of(Kind.values()).map(kind -> new Sensor(press, kind)))
                .toList();
    }

    /** For example {@code plant.press-1.temperature}. */
    String subject() {
        return "plant.press-" + press + "." + kind.word();
    }

    /** For people: {@code press-1 temperature}. */
    String label() {
        return "press-" + press + " " + kind.word();
    }

    /**
     * The value at a moment, in the unit of the kind.
     *
     * @param seconds since 1970
     */
    double at(double seconds) {
        double stroke = (seconds / STROKE_SECONDS + press * 0.31) % 1;
        double force = force(stroke);
        double noise = noise(seconds);
        return switch (kind) {
            case TEMPERATURE -> 47 + 2 * press + 4 * warmth(seconds) + 0.4 * stroke + 0.15 * noise;
            case PRESSURE -> 14 + (180 + 9 * press) * force + 0.8 * noise;
            case VIBRATION -> 1.1 + 2.6 * Math.pow(force, 4) + 1.8 * ringing(stroke) + 0.12 * noise;
        };
    }

    /** 0 while the ram travels, 1 while it presses, with ramps of a tenth of the stroke between them. */
    private static double force(double stroke) {
        double rising = (stroke - PRESSING_FROM) / 0.1;
        double falling = (PRESSING_TO + 0.1 - stroke) / 0.1;
        return Math.clamp(Math.min(rising, falling), 0, 1);
    }

    /** The frame rings when the die lets go. */
    private static double ringing(double stroke) {
        double since = stroke - PRESSING_TO;
        return since < 0 ? 0 : Math.exp(-18 * since);
    }

    /** -1 before dawn, 1 in the afternoon. */
    private static double warmth(double seconds) {
        return Math.cos(2 * Math.PI * (seconds / DAY_SECONDS - WARMEST_AT));
    }

    /** From -1 to 1, another one every 10 ms. */
    private double noise(double seconds) {
        long mixed = (Math.round(seconds * 100) * 31 + press * 1009L + kind.number() + SEED) * 0x9E3779B97F4A7C15L;
        mixed = (mixed ^ (mixed >>> 29)) * 0xBF58476D1CE4E5B9L;
        return (mixed >> 11) / (double) (1L << 52);
    }
}
