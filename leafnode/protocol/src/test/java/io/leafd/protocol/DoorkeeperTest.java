package io.leafd.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class DoorkeeperTest {
    @Test
    void whoeverComesAgainIsKnown() {
        var doorkeeper = new Doorkeeper(14);
        assertThat(doorkeeper.isNew(0)).isTrue();
        assertThat(doorkeeper.isNew(0)).isFalse();
    }

    @Test
    void aCrowdIsNewTheFirstTimeAndKnownTheSecond() {
        var doorkeeper = new Doorkeeper(14);
        int crowd = 1 << 12;
        assertThat(newcomers(doorkeeper, 0, crowd)).isGreaterThan(crowd * 97 / 100);
        assertThat(newcomers(doorkeeper, 0, crowd)).isLessThan(crowd * 20 / 100);
    }

    @Test
    void whoDoesNotComeForLongIsForgotten() {
        var doorkeeper = new Doorkeeper(10);
        newcomers(doorkeeper, 0, 1);
        newcomers(doorkeeper, 1, 1 << 16);
        assertThat(doorkeeper.isNew("s0".hashCode())).isTrue();
    }

    @Test
    void theNumberOfPlacesIsBounded() {
        assertThatThrownBy(() -> new Doorkeeper(17)).hasMessageContaining("1 to 16");
        assertThatThrownBy(() -> new Doorkeeper(0)).hasMessageContaining("1 to 16");
    }

    private static int newcomers(Doorkeeper doorkeeper, int from, int to) {
        int count = 0;
        for (int i = from; i < to; i++) {
            count += doorkeeper.isNew(("s" + i).hashCode()) ? 1 : 0;
        }
        return count;
    }
}
