package io.leafd.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.leafd.link.LinkState.Connected;
import io.leafd.link.LinkState.Handshaking;
import io.leafd.link.LinkState.Stopped;
import io.leafd.link.LinkState.Waiting;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class LinkStateTest {
    private static final long NOW = 1_000_000_000_000L;
    private static final LinkFailure NETWORK = new LinkFailure(LinkFailure.Kind.NETWORK, "connection refused");
    private static final LinkFailure TIMEOUT = new LinkFailure(LinkFailure.Kind.TIMEOUT, "no INFO within 1 s");
    private final Backoff oneSecond = new Backoff(Duration.ofSeconds(1), new Random(1));

    static List<Arguments> table() {
        long due = NOW + Duration.ofSeconds(1).toNanos();
        long longAgo = NOW - LinkState.STABLE.toNanos();
        return List.of(
                row(new Waiting(3, 2, 1, NOW), new LinkEvent.Due(), new Handshaking(4, 2, 1)),
                row(new Waiting(3, 2, 1, NOW + 1), new LinkEvent.Due(), new Waiting(3, 2, 1, NOW + 1)),
                row(new Waiting(3, 2, 0, NOW), new LinkEvent.Accepted(3), new Waiting(3, 2, 0, NOW)),
                row(new Waiting(3, 2, 0, NOW), new LinkEvent.Failed(3, NETWORK), new Waiting(3, 2, 0, NOW)),
                row(new Waiting(3, 2, 1, due), new LinkEvent.Retry(), new Waiting(3, 0, 0, NOW)),
                row(new Handshaking(4, 2, 1), new LinkEvent.Due(), new Handshaking(4, 2, 1)),
                row(new Handshaking(4, 2, 1), new LinkEvent.Accepted(4), new Connected(4, 2, 1, NOW)),
                row(new Handshaking(4, 2, 1), new LinkEvent.Accepted(3), new Handshaking(4, 2, 1)),
                row(new Handshaking(4, 2, 1), new LinkEvent.Failed(4, NETWORK), new Waiting(4, 3, 0, due)),
                row(new Handshaking(4, 2, 1), new LinkEvent.Failed(4, TIMEOUT), new Waiting(4, 3, 2, due)),
                row(new Handshaking(4, 2, 1), new LinkEvent.Failed(3, TIMEOUT), new Handshaking(4, 2, 1)),
                row(new Handshaking(4, 2, 1), new LinkEvent.Retry(), new Waiting(4, 0, 0, NOW)),
                row(new Connected(4, 2, 1, longAgo), new LinkEvent.Failed(4, NETWORK), new Waiting(4, 0, 0, due)),
                row(new Connected(4, 2, 1, longAgo + 1), new LinkEvent.Failed(4, NETWORK), new Waiting(4, 3, 0, due)),
                row(new Connected(4, 0, 0, NOW), new LinkEvent.Failed(3, NETWORK), new Connected(4, 0, 0, NOW)),
                row(new Connected(4, 0, 0, NOW), new LinkEvent.Accepted(4), new Connected(4, 0, 0, NOW)),
                row(new Connected(4, 0, 0, NOW), new LinkEvent.Due(), new Connected(4, 0, 0, NOW)),
                row(new Waiting(1, 1, 0, NOW), new LinkEvent.Stop(), new Stopped()),
                row(new Handshaking(1, 0, 0), new LinkEvent.Stop(), new Stopped()),
                row(new Connected(1, 0, 0, NOW), new LinkEvent.Stop(), new Stopped()),
                row(new Stopped(), new LinkEvent.Accepted(1), new Stopped()),
                row(new Stopped(), new LinkEvent.Failed(1, NETWORK), new Stopped()),
                row(new Stopped(), new LinkEvent.Retry(), new Stopped()),
                row(new Stopped(), new LinkEvent.Due(), new Stopped()));
    }

    private static Arguments row(LinkState before, LinkEvent event, LinkState after) {
        return Arguments.of(before, event, after);
    }

    @ParameterizedTest
    @MethodSource("table")
    void followsTheTable(LinkState before, LinkEvent event, LinkState after) {
        assertThat(LinkState.next(before, event, NOW, oneSecond)).isEqualTo(after);
    }

    @Test
    void firstAttemptIsDueAtOnce() {
        assertThat(LinkState.next(LinkState.initial(NOW), new LinkEvent.Due(), NOW, oneSecond))
                .isEqualTo(new Handshaking(1, 0, 0));
    }

    @Test
    void neverGivesUp() {
        LinkState state = LinkState.initial(NOW);
        long now = NOW;
        for (int i = 1; i <= 10_000; i++) {
            state = LinkState.next(state, new LinkEvent.Due(), now, oneSecond);
            assertThat(state).isInstanceOf(Handshaking.class);
            state = LinkState.next(state, new LinkEvent.Failed(i, TIMEOUT), now, oneSecond);
            assertThat(state).isInstanceOf(Waiting.class);
            now = ((Waiting) state).dueAtNs();
        }
        assertThat(now - NOW).isEqualTo(10_000 * Duration.ofSeconds(1).toNanos());
    }

    @Test
    void survivesAClockThatWrapsRound() {
        var waiting = new Waiting(1, 1, 0, Long.MIN_VALUE + 5); // due just after the wrap
        assertThat(LinkState.next(waiting, new LinkEvent.Due(), Long.MAX_VALUE, oneSecond))
                .isSameAs(waiting);
        assertThat(LinkState.next(waiting, new LinkEvent.Due(), Long.MIN_VALUE + 5, oneSecond))
                .isEqualTo(new Handshaking(2, 1, 0));
    }

    @Test
    void patienceGrowsWithTimeoutsAndRoundTrips() {
        long second = Duration.ofSeconds(1).toNanos();
        assertThat(DialTimes.of(0, 0)).isEqualTo(new DialTimes(second, 2 * second, second, 2 * second));
        assertThat(DialTimes.of(2, 0)).isEqualTo(new DialTimes(4 * second, 8 * second, 4 * second, 8 * second));
        assertThat(DialTimes.of(99, 0).acceptNs()).isEqualTo(32 * second);
        assertThat(DialTimes.of(0, 5 * second).dialNs()).isEqualTo(15 * second);
    }
}
