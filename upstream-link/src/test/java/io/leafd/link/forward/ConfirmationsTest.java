package io.leafd.link.forward;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class ConfirmationsTest {
    private final Confirmations confirmations = new Confirmations();

    @Test
    void theyWaitFromTheFirstOneOn() {
        assertThat(confirmations.dueAtNs()).isEqualTo(Long.MAX_VALUE);
        confirmations.add(1, 1000);
        confirmations.add(2, 2000);
        assertThat(confirmations.dueAtNs()).isEqualTo(1000 + Confirmations.WAIT_MAX_NS);
        assertThat(confirmations.due(999 + Confirmations.WAIT_MAX_NS)).isFalse();
        assertThat(confirmations.due(1000 + Confirmations.WAIT_MAX_NS)).isTrue();
    }

    @Test
    void manyWaitNoLonger() {
        LongStream.rangeClosed(1, Confirmations.COUNT_MAX - 1).forEach(seq -> confirmations.add(seq, 0));
        assertThat(confirmations.due(0)).isFalse();
        confirmations.add(Confirmations.COUNT_MAX, 0);
        assertThat(confirmations.due(0)).isTrue();
    }

    @Test
    void theyAreReleasedOnce() {
        var store = new FakeStore(new Simulation(), 0, true);
        store.append("a", 1);
        store.append("a", 1);
        confirmations.add(2, 0);
        confirmations.release(store);
        assertThat(store.read(1, 9, 99)).extracting(Backlog.Item::seq).containsExactly(1L);
        assertThat(confirmations.isEmpty()).isTrue();
        confirmations.release(store);
        assertThat(store.size()).isEqualTo(1);
    }
}
