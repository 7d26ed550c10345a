package io.leafd.bench.line;

/** A kind of figure. */
public enum Metric {
    RATE("messages per second", true),
    CPU("server CPU per message, µs", false),
    MEDIAN("median, µs", false),
    P99("99th percentile, µs", false),
    TIME("time, ms", false),
    IDLE("RSS idle, MB", false),
    LOADED("RSS after load, MB", false),
    PEAK("RSS peak, MB", false),
    SIZE("size, MB", false);

    private final String text;
    private final boolean moreIsBetter;

    Metric(String text, boolean moreIsBetter) {
        this.text = text;
        this.moreIsBetter = moreIsBetter;
    }

    /** What it is, with its unit. */
    public String text() {
        return text;
    }

    /** Whether a ratio above 1 is good. */
    public boolean moreIsBetter() {
        return moreIsBetter;
    }
}
