package io.leafd.jetstream.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GoTimeTest {
    @Test
    void trailingZerosOfTheFractionAreTrimmed() {
        assertThat(GoTime.text(Instant.parse("2026-11-21T02:08:39.863883440Z")))
                .isEqualTo("2026-11-21T02:08:39.86388344Z");
        assertThat(GoTime.text(0)).isEqualTo("1970-01-01T00:00:00Z");
        assertThat(GoTime.text(-1)).isEqualTo("1969-12-31T23:59:59.999999999Z");
        assertThat(GoTime.text(Instant.parse("0001-01-01T00:00:00Z"))).isEqualTo(GoTime.NONE);
    }

    @Test
    void anyOffsetIsRead() {
        assertThat(GoTime.parse("2026-11-21T02:08:39+02:00")).isEqualTo("2026-11-21T00:08:39Z");
        assertThat(GoTime.epochNs(GoTime.parse("1970-01-01T00:00:01.000000001Z")))
                .isEqualTo(1_000_000_001L);
    }

    @Test
    void yearsBeyondSixtyFourBitsAreClamped() {
        assertThat(GoTime.epochNs(GoTime.parse(GoTime.NONE))).isEqualTo(Long.MIN_VALUE);
        assertThat(GoTime.epochNs(GoTime.parse("9999-01-01T00:00:00Z"))).isEqualTo(Long.MAX_VALUE);
    }

    @ParameterizedTest
    @CsvSource({
        "0,0s",
        "1,1ns",
        "1500,1.5µs",
        "500000000,500ms",
        "2000000000,2s",
        "90000000000,1m30s",
        "3600000000000,1h0m0s",
        "-1500000000,-1.5s",
        "79200000000000,22h0m0s"
    })
    void durationsRoundTrip(long ns, String text) {
        assertThat(GoDuration.text(ns)).isEqualTo(text);
        assertThat(GoDuration.parseNs(text)).isEqualTo(ns);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1", "x", "1x", "s", "-", "1.2.3s", "1h 2m", "9999999999h"})
    void otherTextsAreNoDurations(String text) {
        assertThatThrownBy(() -> GoDuration.parseNs(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
