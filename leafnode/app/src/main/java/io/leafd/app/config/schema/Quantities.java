package io.leafd.app.config.schema;

import io.leafd.link.budget.Period;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Sizes, durations and rates: numbers with a unit, as people write them. Each has one spelling in which it is shown. */
public final class Quantities {
    private static final Map<String, Long> SIZE_UNITS = ordered(
            "B",
            1L,
            "kB",
            1_000L,
            "KB",
            1_000L,
            "MB",
            1_000_000L,
            "GB",
            1_000_000_000L,
            "TB",
            1_000_000_000_000L,
            "KiB",
            1L << 10,
            "MiB",
            1L << 20,
            "GiB",
            1L << 30,
            "TiB",
            1L << 40);
    private static final Map<String, Long> DURATION_UNITS_MS =
            ordered("ms", 1L, "s", 1_000L, "m", 60_000L, "h", 3_600_000L, "d", 86_400_000L);
    private static final Map<String, Long> BIT_UNITS =
            ordered("bit/s", 1L, "kbit/s", 1_000L, "Mbit/s", 1_000_000L, "Gbit/s", 1_000_000_000L);
    private static final Pattern NUMBER_AND_UNIT =
            Pattern.compile("(?<whole>\\d{1,15})(?:\\.(?<fraction>\\d{1,9}))? ?(?<unit>[A-Za-z]+(?:/s)?)");
    private static final Pattern DURATION_PART = Pattern.compile("(\\d{1,12})(ms|s|m|h|d)");
    private static final Pattern DURATION = Pattern.compile("(?:\\d{1,12}(?:ms|s|m|h|d))+");

    private Quantities() {}

    /** So many bytes in each such stretch of the calendar. */
    public record Budget(long bytes, Period per) {}

    /** {@code "64MiB"} (binary), {@code "200MB"} (decimal), {@code "512B"}; null when it is none. */
    static @Nullable Long parseSize(String text) {
        return parse(text, SIZE_UNITS);
    }

    /** Bytes a second from {@code "2Mbit/s"} or {@code "250kB/s"}; null when it is none. */
    static @Nullable Long parseRate(String text) {
        Long bits = parse(text, BIT_UNITS);
        if (bits != null) {
            return bits / Byte.SIZE;
        }
        return text.endsWith("B/s") ? parseSize(text.substring(0, text.length() - 2)) : null;
    }

    /** {@code "200MB/day"}; null when it is none. */
    static @Nullable Budget parseBudget(String text) {
        int slash = text.indexOf('/');
        Long bytes = slash < 0 ? null : parseSize(text.substring(0, slash));
        Period per = period(text.substring(slash + 1));
        return bytes == null || per == null ? null : new Budget(bytes, per);
    }

    private static @Nullable Period period(String word) {
        for (Period period : Period.values()) {
            if (Kinds.word(period).equals(word)) {
                return period;
            }
        }
        return null;
    }

    /** {@code "30s"}, {@code "1h30m"}, {@code "30d"}; null when it is none. */
    public static @Nullable Duration parseDuration(String text) {
        if (!DURATION.matcher(text).matches()) {
            return null;
        }
        try {
            long ms = 0;
            Matcher part = DURATION_PART.matcher(text);
            while (part.find()) {
                Long unitMs = DURATION_UNITS_MS.get(part.group(2));
                ms = Math.addExact(ms, Math.multiplyExact(Long.parseLong(part.group(1)), unitMs == null ? 0 : unitMs));
            }
            return Duration.ofMillis(ms);
        } catch (ArithmeticException e) {
            return null; // longer than the universe is old
        }
    }

    private static @Nullable Long parse(String text, Map<String, Long> units) {
        Matcher matcher = NUMBER_AND_UNIT.matcher(text);
        Long unit = matcher.matches() ? units.get(matcher.group("unit")) : null;
        if (unit == null) {
            return null;
        }
        try {
            long whole = Math.multiplyExact(Long.parseLong(matcher.group("whole")), unit);
            String fraction = matcher.group("fraction");
            return fraction == null ? whole : Math.addExact(whole, part(fraction, unit));
        } catch (ArithmeticException e) {
            return null; // more than there is
        }
    }

    /** So many decimals of a unit, rounded down. In long: each BigDecimal of a program costs its start ten milliseconds, once. */
    private static long part(String decimals, long unit) {
        long scale = 1;
        for (int i = 0; i < decimals.length(); i++) {
            scale *= 10;
        }
        long count = Long.parseLong(decimals);
        return count * (unit / scale) + count * (unit % scale) / scale;
    }

    /** The largest unit that leaves a whole number, binary before decimal: {@code 64MiB}, {@code 200MB}, {@code 1500B}. */
    public static String showSize(long bytes) {
        return show(bytes, SIZE_UNITS, "B");
    }

    public static String showRate(long bytesPerSecond) {
        return show(bytesPerSecond * Byte.SIZE, BIT_UNITS, "bit/s");
    }

    public static String showBudget(Budget budget) {
        return showSize(budget.bytes()) + "/" + Kinds.word(budget.per());
    }

    /** {@code 2m}, {@code 1h30m}, {@code 250ms}, {@code 0s}. */
    public static String showDuration(Duration duration) {
        if (duration.isZero()) {
            return "0s";
        }
        StringBuilder out = new StringBuilder();
        part(out, duration.toDaysPart(), "d");
        part(out, duration.toHoursPart(), "h");
        part(out, duration.toMinutesPart(), "m");
        part(out, duration.toSecondsPart(), "s");
        part(out, duration.toMillisPart(), "ms");
        return out.toString();
    }

    private static void part(StringBuilder out, long count, String unit) {
        if (count > 0) {
            out.append(count).append(unit);
        }
    }

    private static String show(long number, Map<String, Long> units, String smallest) {
        String best = smallest;
        long bestUnit = 1;
        for (Map.Entry<String, Long> unit : units.entrySet()) {
            boolean whole = number != 0 && number % unit.getValue() == 0;
            if (whole && unit.getValue() > bestUnit) {
                best = unit.getKey();
                bestUnit = unit.getValue();
            }
        }
        return number / bestUnit + best;
    }

    private static Map<String, Long> ordered(Object... namesAndValues) {
        Map<String, Long> map = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            map.put((String) namesAndValues[i], (Long) namesAndValues[i + 1]);
        }
        return map;
    }
}
