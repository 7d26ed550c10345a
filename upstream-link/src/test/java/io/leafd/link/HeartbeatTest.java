package io.leafd.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.leafd.link.Heartbeat.Action;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class HeartbeatTest {
    private static final long S = Duration.ofSeconds(1).toNanos();
    private final Heartbeat heartbeat = new Heartbeat(Duration.ofSeconds(10), S, 0);

    @Test
    void pingsAtEveryIntervalWhileThePeerAnswers() {
        assertThat(heartbeat.tick(S - 1, 0)).isEqualTo(Action.NOTHING);
        for (long now = S; now < 100 * S; now += 10 * S) {
            assertThat(heartbeat.tick(now, now)).isEqualTo(Action.PING);
            heartbeat.onPong(now, now + S / 2);
            assertThat(heartbeat.rttNs()).isEqualTo(S / 2);
            assertThat(heartbeat.nextNs(now + S / 2, now)).isEqualTo(10 * S - S / 2);
        }
    }

    @Test
    void aSilentPeerIsStaleAfterFiveSeconds() {
        heartbeat.tick(S, S / 2);

        assertThat(heartbeat.nextNs(S, S / 2)).isEqualTo(5 * S);
        assertThat(heartbeat.tick(6 * S - 1, S / 2)).isEqualTo(Action.NOTHING);
        assertThat(heartbeat.tick(6 * S, S / 2)).isEqualTo(Action.STALE);
    }

    @Test
    void anySignOfLifeBeginsThePatienceAnew() {
        heartbeat.tick(S, 0);

        assertThat(heartbeat.tick(8 * S, 4 * S)).isEqualTo(Action.NOTHING);
        assertThat(heartbeat.tick(9 * S, 4 * S)).isEqualTo(Action.STALE);
    }

    @Test
    void aPeerThatLivesButNeverAnswersIsStaleAtTheThirdPing() {
        assertThat(heartbeat.tick(S, S)).isEqualTo(Action.PING);
        assertThat(heartbeat.tick(11 * S, 11 * S)).isEqualTo(Action.PING);
        assertThat(heartbeat.tick(21 * S, 21 * S)).isEqualTo(Action.STALE);
    }

    @Test
    void patienceIsThreeRoundTripsOnALongLink() {
        var satellite = new Heartbeat(Duration.ofSeconds(10), S, 4 * S);

        satellite.tick(S, 0);
        assertThat(satellite.patienceNs()).isEqualTo(12 * S);
        assertThat(satellite.tick(11 * S - 1, 0)).isEqualTo(Action.NOTHING);
    }
}
