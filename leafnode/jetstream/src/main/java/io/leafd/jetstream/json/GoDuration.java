package io.leafd.jetstream.json;

import java.math.BigDecimal;

/** Durations as Go writes and reads them: {@code 1h2m3.5s}, {@code 500ms}. Pure. */
public final class GoDuration {
    private static final long SECOND_NS = 1_000_000_000L;

    private GoDuration() {}

    /**
     * Nanoseconds of a text such as {@code 1h2m}, {@code -1.5s}, {@code 300us}.
     *
     * @throws IllegalArgumentException if it is no duration, or one beyond 292 years
     */
    public static long parseNs(String text) {
        boolean negative = text.startsWith("-");
        int at = negative || text.startsWith("+") ? 1 : 0;
        if (text.substring(at).equals("0")) {
            return 0;
        }
        if (at == text.length()) {
            throw invalid(text);
        }
        BigDecimal total = BigDecimal.ZERO;
        while (at < text.length()) {
            int unitAt = at;
            while (unitAt < text.length() && (Character.isDigit(text.charAt(unitAt)) || text.charAt(unitAt) == '.')) {
                unitAt++;
            }
            int end = unitAt;
            while (end < text.length() && !Character.isDigit(text.charAt(end)) && text.charAt(end) != '.') {
                end++;
            }
            try {
                BigDecimal amount = new BigDecimal(text.substring(at, unitAt));
                total = total.add(amount.multiply(BigDecimal.valueOf(unitNs(text, text.substring(unitAt, end)))));
            } catch (NumberFormatException e) {
                throw invalid(text);
            }
            at = end;
        }
        long ns;
        try {
            ns = total.toBigInteger().longValueExact();
        } catch (ArithmeticException e) {
            throw invalid(text);
        }
        return negative ? -ns : ns;
    }

    /** The shortest text: {@code 2s}, {@code 1m30s}, {@code 1.5ms}, {@code 0s}. */
    public static String text(long ns) {
        if (ns == 0) {
            return "0s";
        }
        if (ns == Long.MIN_VALUE) {
            return "-2562047h47m16.854775808s";
        }
        if (ns < 0) {
            return "-" + text(-ns);
        }
        if (ns < 1_000) {
            return ns + "ns";
        }
        if (ns < 1_000_000) {
            return decimal(ns, 1_000) + "µs";
        }
        if (ns < SECOND_NS) {
            return decimal(ns, 1_000_000) + "ms";
        }
        long hours = ns / (3600 * SECOND_NS);
        long minutes = ns / (60 * SECOND_NS) % 60;
        String seconds = decimal(ns % (60 * SECOND_NS), SECOND_NS) + "s";
        if (hours > 0) {
            return hours + "h" + minutes + "m" + seconds;
        }
        return minutes > 0 ? minutes + "m" + seconds : seconds;
    }

    private static String decimal(long amount, long unit) {
        return BigDecimal.valueOf(amount)
                .divide(BigDecimal.valueOf(unit))
                .stripTrailingZeros()
                .toPlainString();
    }

    private static long unitNs(String text, String unit) {
        return switch (unit) {
            case "ns" -> 1;
            case "us", "µs", "μs" -> 1_000;
            case "ms" -> 1_000_000;
            case "s" -> SECOND_NS;
            case "m" -> 60 * SECOND_NS;
            case "h" -> 3600 * SECOND_NS;
            default -> throw invalid(text);
        };
    }

    private static IllegalArgumentException invalid(String text) {
        return new IllegalArgumentException("time: invalid duration \"" + text + "\"");
    }
}
