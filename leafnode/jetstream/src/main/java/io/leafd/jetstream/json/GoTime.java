package io.leafd.jetstream.json;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/** Points in time as Go writes them: RFC 3339 in UTC, up to nine digits of fraction, no trailing zeros. Pure. */
public final class GoTime {
    /** Go's zero time: "there is none". */
    public static final String NONE = "0001-01-01T00:00:00Z";

    private GoTime() {}

    /** {@code 2026-11-21T02:08:39.86388344Z}. */
    public static String text(Instant time) {
        var utc = time.atOffset(ZoneOffset.UTC);
        var out = new StringBuilder(30);
        pad(out, utc.getYear(), 4).append('-');
        pad(out, utc.getMonthValue(), 2).append('-');
        pad(out, utc.getDayOfMonth(), 2).append('T');
        pad(out, utc.getHour(), 2).append(':');
        pad(out, utc.getMinute(), 2).append(':');
        pad(out, utc.getSecond(), 2);
        int nano = utc.getNano();
        if (nano != 0) {
            pad(out.append('.'), nano, 9);
            while (out.charAt(out.length() - 1) == '0') {
                out.setLength(out.length() - 1);
            }
        }
        return out.append('Z').toString();
    }

    /** {@link #text(Instant)} of nanoseconds since 1970. */
    public static String text(long epochNs) {
        return text(instant(epochNs));
    }

    /** The point in time that is this many nanoseconds after 1970. */
    public static Instant instant(long epochNs) {
        return Instant.ofEpochSecond(Math.floorDiv(epochNs, 1_000_000_000L), Math.floorMod(epochNs, 1_000_000_000L));
    }

    /** Nanoseconds since 1970, or the nearest that 64 bits can hold (years 1677 to 2262). */
    public static long epochNs(Instant time) {
        try {
            return Math.addExact(Math.multiplyExact(time.getEpochSecond(), 1_000_000_000L), time.getNano());
        } catch (ArithmeticException outOfRange) {
            return time.getEpochSecond() < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
        }
    }

    /**
     * The point in time of an RFC 3339 text with any offset.
     *
     * @throws InvalidJson if it is none
     */
    public static Instant parse(String text) {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            throw new InvalidJson("parsing time \"" + text + "\" as \"2006-01-02T15:04:05Z07:00\": cannot parse \""
                    + text + "\" as \"2006\"");
        }
    }

    private static StringBuilder pad(StringBuilder out, int number, int digits) {
        String text = Integer.toString(number);
        return out.repeat('0', digits - text.length()).append(text);
    }
}
