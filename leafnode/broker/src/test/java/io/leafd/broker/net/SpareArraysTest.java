package io.leafd.broker.net;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SpareArraysTest {
    private final SpareArrays spares = new SpareArrays();

    @Test
    void anArrayIsAtLeastAsLongAsAskedFor() {
        for (int bytes : new int[] {1, 255, 256, 257, 65_536, 65_537, 131_072, 131_073, 1 << 20}) {
            assertThat(spares.take(bytes).length).as("for %d", bytes).isGreaterThanOrEqualTo(bytes);
        }
    }

    @Test
    void whatWasGivenBackIsLentAgainToOne() {
        byte[] array = spares.take(1_000);

        spares.giveBack(array);

        assertThat(spares.take(700)).isSameAs(array);
        assertThat(spares.take(700)).isNotSameAs(array);
    }

    @Test
    void aLargeArrayIsForgotten() {
        byte[] array = spares.take(200_000);

        spares.giveBack(array);

        assertThat(spares.take(200_000)).isNotSameAs(array).hasSize(200_000);
    }

    @Test
    void noArrayAtAllIsGivenBack() {
        spares.giveBack(new byte[0]);

        assertThat(spares.take(1)).isNotEmpty();
    }
}
