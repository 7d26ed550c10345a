package io.leafd.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BacklogTest {
    private final AtomicLong shared = new AtomicLong();
    private final Backlog backlog = new Backlog(shared);

    @Test
    void itIsFullAtItsOwnBoundAndHasRoomToSpareAtHalf() {
        backlog.add(Backlog.OWN_MAX_BYTES - 1);
        assertThat(backlog.hasRoom()).isTrue();
        assertThat(backlog.hasRoomToSpare()).isFalse();
        backlog.add(1);
        assertThat(backlog.hasRoom()).isFalse();
        backlog.add(-Backlog.OWN_MAX_BYTES / 2 - 1);
        assertThat(backlog.hasRoomToSpare()).isTrue();
    }

    @Test
    void whereAllTogetherHoldTooMuchEachHasItsShare() {
        Stream.generate(() -> new Backlog(shared)).limit(9).forEach(other -> other.add(Backlog.OWN_MAX_BYTES));

        assertThat(backlog.hasRoom()).isTrue();
        backlog.add(Backlog.SHARE_BYTES);
        assertThat(backlog.hasRoom()).isFalse();
        assertThat(backlog.hasRoomToSpare()).isFalse();
        backlog.add(-Backlog.SHARE_BYTES / 2 - 1);
        assertThat(backlog.hasRoomToSpare()).isTrue();
    }
}
