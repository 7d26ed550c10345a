package io.leafd.link.budget;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PeriodTest {
    @ParameterizedTest
    @CsvSource({
        "HOUR,  2026-11-21T23:59:59.999Z, 2026-11-21T23:00:00Z, 2026-11-22T00:00:00Z",
        "DAY,   2026-11-21T23:59:59.999Z, 2026-11-21T00:00:00Z, 2026-11-22T00:00:00Z",
        "DAY,   2026-11-22T00:00:00Z,     2026-11-22T00:00:00Z, 2026-11-23T00:00:00Z",
        "WEEK,  2026-11-22T12:00:00Z,     2026-11-16T00:00:00Z, 2026-11-23T00:00:00Z",
        "WEEK,  2026-11-23T00:00:00Z,     2026-11-23T00:00:00Z, 2026-11-30T00:00:00Z",
        "WEEK,  2027-01-01T00:00:00Z,     2026-12-28T00:00:00Z, 2027-01-04T00:00:00Z",
        "MONTH, 2026-12-31T23:00:00Z,     2026-12-01T00:00:00Z, 2027-01-01T00:00:00Z",
        "MONTH, 2028-02-29T00:00:00Z,     2028-02-01T00:00:00Z, 2028-03-01T00:00:00Z",
        "DAY,   1970-01-01T00:00:10Z,     1970-01-01T00:00:00Z, 1970-01-02T00:00:00Z",
        "WEEK,  1970-01-01T00:00:10Z,     1969-12-29T00:00:00Z, 1970-01-05T00:00:00Z"
    })
    void periodsAreThoseOfTheUtcCalendar(Period period, Instant at, Instant start, Instant next) {
        assertThat(period.startMs(at.toEpochMilli())).isEqualTo(start.toEpochMilli());
        assertThat(period.nextMs(at.toEpochMilli())).isEqualTo(next.toEpochMilli());
    }
}
