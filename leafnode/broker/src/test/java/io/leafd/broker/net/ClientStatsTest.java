package io.leafd.broker.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CyclicBarrier;
import org.junit.jupiter.api.Test;

/** What each loop counts is in the sum, also of those that are the first at the same time. */
final class ClientStatsTest {
    private static final int LOOPS = 2;

    @Test
    void nothingHasGoneOutAtFirst() {
        var stats = new ClientStats(LOOPS, 1);

        assertThat(stats.outMessages()).isZero();
        assertThat(stats.outBytes()).isZero();
    }

    @Test
    void sumsWhatLoopsCount() throws Exception {
        for (int round = 0; round < 2_000; round++) {
            var stats = new ClientStats(LOOPS, 1);
            var together = new CyclicBarrier(LOOPS);
            Thread other = Thread.ofPlatform().start(() -> count(stats, 0, together));
            count(stats, 1, together);
            other.join();

            assertThat(stats.outMessages()).isEqualTo(LOOPS * 3L);
            assertThat(stats.outBytes()).isEqualTo(LOOPS * 30L);
        }
    }

    private static void count(ClientStats stats, int loop, CyclicBarrier together) {
        try {
            together.await();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
        for (int i = 0; i < 3; i++) {
            stats.out(loop, 10);
        }
    }
}
