package io.leafd.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.leafd.link.LinkFailure.Kind;
import java.time.Duration;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BackoffTest {
    private final Backoff backoff = new Backoff(Duration.ofSeconds(10), new Random(1));

    @ParameterizedTest
    @CsvSource({
        "NETWORK, 0, 1, 2",
        "NETWORK, 1, 1, 4",
        "NETWORK, 2, 1, 8",
        "NETWORK, 3, 1, 10",
        "NETWORK, 1000000, 1, 10",
        "TIMEOUT, 1, 1, 4",
        "DUPLICATE, 0, 1, 2",
        "PERMISSIONS, 1, 1, 4",
        "CONFIGURATION, 9, 1, 10",
        "PROTOCOL, 9, 1, 10",
        "AUTHORIZATION, 1, 1, 4",
        "AUTHORIZATION, 5, 1, 10",
        "AUTHORIZATION, 6, 60, 66",
        "LOOP, 1, 30, 33",
        "SAME_CLUSTER, 0, 30, 33",
        "VERSION, 3, 5, 5.5",
    })
    void waitsWithinBounds(Kind kind, int failures, double lowS, double highS) {
        long[] delays = LongStream.range(0, 1000)
                .map(i -> backoff.delayNs(kind, failures))
                .toArray();

        assertThat(LongStream.of(delays)).allMatch(d -> d >= (long) (lowS * 1e9) && d <= (long) (highS * 1e9));
        assertThat(LongStream.of(delays).distinct().count()).isGreaterThan(900);
    }

    @Test
    void spreadsAThousandBoxesEvenly() {
        long[] perSecond = new long[10];
        for (int i = 0; i < 9000; i++) {
            perSecond[(int) Math.min(9, backoff.delayNs(Kind.NETWORK, 9) / 1_000_000_000)]++;
        }

        assertThat(perSecond[0]).isZero();
        assertThat(LongStream.of(perSecond).skip(1)).allMatch(n -> n > 850 && n < 1150);
    }

    @Test
    void capBelowOneSecondMeansOneSecond() {
        var quick = new Backoff(Duration.ofMillis(10), new Random(1));

        assertThat(quick.delayNs(Kind.NETWORK, 7))
                .isEqualTo(Duration.ofSeconds(1).toNanos());
    }
}
