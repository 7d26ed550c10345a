package io.leafd.http;

/** Writes metrics in Prometheus' text format. Used by one thread. */
final class MetricText {
    private final StringBuilder out = new StringBuilder(4096);
    private String name = "";

    /** Begins a gauge: its values follow. */
    MetricText gauge(String newName, String help) {
        return begin(newName, help, "gauge");
    }

    /** Begins a counter: its values follow. */
    MetricText counter(String newName, String help) {
        return begin(newName, help, "counter");
    }

    /** One whole value of the metric begun last, with its labels: name, value, name, value… */
    MetricText value(long value, String... labels) {
        labelled(labels);
        out.append(value).append('\n');
        return this;
    }

    /** One value of the metric begun last, with its labels. */
    MetricText value(double value, String... labels) {
        labelled(labels);
        if (value == Math.rint(value) && Math.abs(value) < 1e15) {
            out.append((long) value);
        } else {
            out.append(value);
        }
        out.append('\n');
        return this;
    }

    private void labelled(String... labels) {
        out.append(name);
        for (int i = 0; i < labels.length; i += 2) {
            out.append(i == 0 ? '{' : ',').append(labels[i]).append("=\"");
            escape(labels[i + 1]);
            out.append('"');
        }
        if (labels.length > 0) {
            out.append('}');
        }
        out.append(' ');
    }

    @Override
    public String toString() {
        return out.toString();
    }

    private MetricText begin(String newName, String help, String type) {
        name = newName;
        out.append("# HELP ").append(newName).append(' ').append(help).append('\n');
        out.append("# TYPE ").append(newName).append(' ').append(type).append('\n');
        return this;
    }

    private void escape(String label) {
        for (int i = 0; i < label.length(); i++) {
            char c = label.charAt(i);
            switch (c) {
                case '\\' -> out.append("\\\\");
                case '"' -> out.append("\\\"");
                case '\n' -> out.append("\\n");
                default -> out.append(c);
            }
        }
    }
}
