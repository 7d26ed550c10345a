package io.leafd.link.budget;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;

/** A stretch of the UTC calendar for which a budget is given. Times are milliseconds since 1970. Pure. */
public enum Period {
    /** From the full hour. */
    HOUR(Duration.ofHours(1)),
    /** From midnight. */
    DAY(Duration.ofDays(1)),
    /** From Monday, midnight. */
    WEEK(Duration.ofDays(7)),
    /** From the first of the month, midnight. */
    MONTH(Duration.ofDays(31));

    private final Duration longest;

    Period(Duration longest) {
        this.longest = longest;
    }

    /** As long as it can be: a month of 31 days. */
    public Duration longest() {
        return longest;
    }

    /** When the period began in which this moment lies. */
    long startMs(long atMs) {
        return toMs(start(atMs));
    }

    /** When the period after that one begins. */
    long nextMs(long atMs) {
        LocalDateTime start = start(atMs);
        return toMs(
                switch (this) {
                    case HOUR -> start.plusHours(1);
                    case DAY -> start.plusDays(1);
                    case WEEK -> start.plusWeeks(1);
                    case MONTH -> start.plusMonths(1);
                });
    }

    private LocalDateTime start(long atMs) {
        LocalDateTime at = LocalDateTime.ofInstant(Instant.ofEpochMilli(atMs), ZoneOffset.UTC);
        LocalDateTime midnight = at.truncatedTo(ChronoUnit.DAYS);
        return switch (this) {
            case HOUR -> at.truncatedTo(ChronoUnit.HOURS);
            case DAY -> midnight;
            case WEEK -> midnight.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
            case MONTH -> midnight.withDayOfMonth(1);
        };
    }

    private static long toMs(LocalDateTime utc) {
        return utc.toInstant(ZoneOffset.UTC).toEpochMilli();
    }
}
