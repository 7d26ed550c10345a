package io.leafd.app.cli;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A table of names and values in an answer of the running leafd, read leniently: it may be another version, so what is missing is
 * empty or zero. Immutable.
 */
record Answer(Map<?, ?> fields) {
    private static final List<String> SIZE_UNITS = List.of("B", "KiB", "MiB", "GiB", "TiB");
    private static final String NONE = "-";

    static Answer of(@Nullable Object tree) {
        return new Answer(tree instanceof Map<?, ?> map ? map : Map.of());
    }

    Answer inner(String name) {
        return of(fields.get(name));
    }

    List<Answer> all(String name) {
        return list(fields.get(name));
    }

    static List<Answer> list(@Nullable Object tree) {
        return tree instanceof List<?> list ? list.stream().map(Answer::of).toList() : List.of();
    }

    String text(String name) {
        Object value = fields.get(name);
        return switch (value) {
            case null -> "";
            case List<?> list -> clean(list.stream().map(String::valueOf).collect(Collectors.joining(", ")));
            default -> clean(value.toString());
        };
    }

    /** {@link #text}, or a hyphen when there is none. */
    String textOrNone(String name) {
        String text = text(name);
        return text.isEmpty() ? NONE : text;
    }

    long number(String name) {
        return fields.get(name) instanceof Number number ? number.longValue() : 0;
    }

    boolean fact(String name) {
        return Boolean.TRUE.equals(fields.get(name));
    }

    /** {@code 1 234 567}: groups of three, for people. */
    String count(String name) {
        return String.format(Locale.ROOT, "%,d", number(name)).replace(',', ' ');
    }

    /** {@code 1 message}, {@code 1 234 messages}: the number and its noun. */
    String count(String name, String noun) {
        return count(name) + " " + noun + (number(name) == 1 ? "" : "s");
    }

    /** The last error and when it was, or a hyphen when there was none. */
    String lastError() {
        boolean dated = fields.containsKey("last_error_age_ms") && number("last_error_age_ms") >= 0;
        return text("last_error").isEmpty()
                ? NONE
                : text("last_error") + (dated ? " (" + time("last_error_age_ms") + " ago)" : "");
    }

    /** {@code 12.3 MiB}. */
    String bytes(String name) {
        return bytes(number(name));
    }

    static String bytes(long bytes) {
        double value = bytes;
        int unit = 0;
        while (value >= 1024 && unit < SIZE_UNITS.size() - 1) {
            value /= 1024;
            unit++;
        }
        return String.format(Locale.ROOT, unit == 0 ? "%.0f %s" : "%.1f %s", value, SIZE_UNITS.get(unit));
    }

    /** {@code 0.4ms}, {@code 612ms}: microseconds for people. */
    String roundTrip(String name) {
        double ms = number(name) / 1000.0;
        return String.format(Locale.ROOT, ms < 10 ? "%.1fms" : "%.0fms", ms);
    }

    /** {@code 3d 4h}: the two largest units; a hyphen when it is negative, which means unknown. */
    String time(String name) {
        return number(name) < 0 ? NONE : time(Duration.ofMillis(number(name)));
    }

    static String time(Duration duration) {
        if (duration.toDays() > 0) {
            return duration.toDays() + "d " + duration.toHoursPart() + "h";
        }
        if (duration.toHours() > 0) {
            return duration.toHours() + "h " + duration.toMinutesPart() + "m";
        }
        if (duration.toMinutes() > 0) {
            return duration.toMinutes() + "m " + duration.toSecondsPart() + "s";
        }
        return duration.toSeconds() > 0 ? duration.toSeconds() + "s" : duration.toMillis() + "ms";
    }

    /** A name that a client chose must not move the cursor. */
    private static String clean(String text) {
        return text.codePoints().noneMatch(Character::isISOControl)
                ? text
                : text.codePoints()
                        .mapToObj(c -> Character.isISOControl(c) ? "?" : Character.toString(c))
                        .reduce("", String::concat);
    }
}
