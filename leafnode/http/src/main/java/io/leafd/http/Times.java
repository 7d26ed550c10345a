package io.leafd.http;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;

/** Times as nats-server's pages write them. Pure. */
final class Times {
    private Times() {}

    /** {@code 1d2h3m4s}, leading zero parts left out. */
    static String uptime(Duration d) {
        var text = new StringBuilder();
        if (d.toDays() > 0) {
            text.append(d.toDays()).append('d');
        }
        if (d.toHours() > 0) {
            text.append(d.toHoursPart()).append('h');
        }
        if (d.toMinutes() > 0) {
            text.append(d.toMinutesPart()).append('m');
        }
        return text.append(d.toSecondsPart()).append('s').toString();
    }

    /** RFC 3339 in UTC. */
    static String instant(long ms) {
        return Instant.ofEpochMilli(ms).toString();
    }

    /** {@code 436µs}, {@code 1.5ms}, {@code 2s}; empty for 0. */
    static String rtt(long ns) {
        if (ns <= 0) {
            return "";
        }
        if (ns < 1_000_000) {
            return ns / 1_000 + "µs";
        }
        return ns < 1_000_000_000 ? hundredths(ns / 10_000) + "ms" : hundredths(ns / 10_000_000) + "s";
    }

    /** A number of hundredths as a decimal fraction. */
    private static String hundredths(long count) {
        return BigDecimal.valueOf(count, 2).stripTrailingZeros().toPlainString();
    }
}
