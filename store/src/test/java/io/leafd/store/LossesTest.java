package io.leafd.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.leafd.store.log.DamagedRange;
import org.junit.jupiter.api.Test;

class LossesTest {
    private final Losses losses = new Losses();

    private void met(long first, long last) {
        losses.add("A", "S", new DamagedRange(first, last, "bad " + first));
    }

    private StreamLoss only() {
        assertThat(losses.list()).hasSize(1);
        return losses.list().getFirst();
    }

    @Test
    void rangesThatTouchOrOverlapAreOne() {
        met(5, 9);
        met(20, 29);
        met(10, 12);
        met(3, 4);
        assertThat(only().ranges())
                .containsExactly(new DamagedRange(3, 12, "bad 5"), new DamagedRange(20, 29, "bad 20"));
        met(11, 25);
        assertThat(only().ranges()).extracting(DamagedRange::firstSeq).containsExactly(3L);
        assertThat(only().messages()).isEqualTo(27);
    }

    @Test
    void theSameDamageMetAgainCountsOnce() {
        met(1, 1);
        met(7, 9);
        met(1, 1);
        met(8, 8);
        assertThat(only().messages()).isEqualTo(4);
        assertThat(only().ranges()).hasSize(2);
    }

    @Test
    void streamsAreKeptApart() {
        met(1, 1);
        losses.add("B", "S", new DamagedRange(2, 2, "bad"));
        assertThat(losses.list()).extracting(StreamLoss::account).containsExactly("A", "B");
    }

    @Test
    void beyondTheBoundMessagesAreOnlyCounted() {
        for (long i = 0; i < 2 * Losses.RANGES_MAX; i++) {
            met(10 * i + 1, 10 * i + 2);
        }
        assertThat(only().ranges()).hasSize(Losses.RANGES_MAX);
        assertThat(only().messages()).isEqualTo(4 * Losses.RANGES_MAX);
    }
}
