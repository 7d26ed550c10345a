package io.leafd.app.config.schema;

import static org.assertj.core.api.Assertions.assertThat;

import io.leafd.link.budget.Period;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuantitiesTest {
    @ParameterizedTest
    @CsvSource({
        "512B, 512, 512B",
        "64MiB, 67108864, 64MiB",
        "64 MiB, 67108864, 64MiB",
        "1.5GiB, 1610612736, 1536MiB",
        "200MB, 200000000, 200MB",
        "1000KB, 1000000, 1MB",
        "0B, 0, 0B",
        "0.5B, 0, 0B",
        "0.123456789TiB, 135742175033, 135742175033B",
        "8388607.999999999TiB, 9223372036854774708, 9223372036854774708B",
        "1TiB, 1099511627776, 1TiB"
    })
    void sizesAreReadAndShownInTheirLargestWholeUnit(String text, long bytes, String shown) {
        assertThat(Quantities.parseSize(text)).isEqualTo(bytes);
        assertThat(Quantities.showSize(bytes)).isEqualTo(shown);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "64",
                "MiB",
                "64mib",
                "64 Mi B",
                "-1B",
                "1e3B",
                "999999999999999TiB",
                "8388608TiB",
                "64MiB ",
                "0x10B"
            })
    void whatIsNoSizeIsNone(String text) {
        assertThat(Quantities.parseSize(text)).isNull();
    }

    @ParameterizedTest
    @CsvSource({"250ms, 250, 250ms", "90s, 90000, 1m30s", "1h30m, 5400000, 1h30m", "30d, 2592000000, 30d", "0s, 0, 0s"})
    void durationsAreReadAndShown(String text, long ms, String shown) {
        assertThat(Quantities.parseDuration(text)).isEqualTo(Duration.ofMillis(ms));
        assertThat(Quantities.showDuration(Duration.ofMillis(ms))).isEqualTo(shown);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "s", "1.5s", "5 s", "-5s", "5S", "999999999999d"})
    void whatIsNoDurationIsNone(String text) {
        assertThat(Quantities.parseDuration(text)).isNull();
    }

    @ParameterizedTest
    @CsvSource({"2Mbit/s, 250000, 2Mbit/s", "250kB/s, 250000, 2Mbit/s", "9600bit/s, 1200, 9600bit/s"})
    void ratesAreBytesASecond(String text, long bytesPerSecond, String shown) {
        assertThat(Quantities.parseRate(text)).isEqualTo(bytesPerSecond);
        assertThat(Quantities.showRate(bytesPerSecond)).isEqualTo(shown);
    }

    @Test
    void budgetsHaveAPeriod() {
        Quantities.Budget budget = new Quantities.Budget(200_000_000, Period.DAY);
        assertThat(Quantities.parseBudget("200MB/day")).isEqualTo(budget);
        assertThat(Quantities.showBudget(budget)).isEqualTo("200MB/day");
        assertThat(Quantities.parseBudget("200MB")).isNull();
        assertThat(Quantities.parseBudget("200MB/year")).isNull();
        assertThat(Quantities.parseRate("200MB/day")).isNull();
    }

    @Test
    void theNearestWordIsWithinTwoEdits() {
        var known = java.util.List.of("max_payload", "max_pending", "listen");
        assertThat(Spelling.nearest("max_paylod", known)).isEqualTo("max_payload");
        assertThat(Spelling.nearest("lisetn", known)).isEqualTo("listen");
        assertThat(Spelling.nearest("lister", known)).isEqualTo("listen");
        assertThat(Spelling.nearest("colour", known)).isNull();
        assertThat(Spelling.nearest("x", java.util.List.of("to"))).isNull();
    }
}
