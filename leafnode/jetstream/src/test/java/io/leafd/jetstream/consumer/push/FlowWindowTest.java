package io.leafd.jetstream.consumer.push;

import static org.assertj.core.api.Assertions.assertThat;

import io.leafd.protocol.Subject;
import org.junit.jupiter.api.Test;

class FlowWindowTest {
    private static final Subject FIRST = Subject.of("$JS.FC.S.C.aaaa");
    private static final long MIB = 1 << 20;

    private final FlowWindow window = new FlowWindow();

    @Test
    void asksWhenHalfOfTheWindowIsUnanswered() {
        assertThat(window.sent(MIB, false)).isFalse();
        assertThat(window.sent(1, false)).isTrue();
        window.request(FIRST);
        assertThat(window.sent(MIB, false)).isFalse();
    }

    @Test
    void closesBeyondTheWindowAndOpensWithTheAnswer() {
        window.sent(MIB + 1, false);
        window.request(FIRST);
        window.sent(MIB, false);
        assertThat(window.open()).isFalse();

        assertThat(window.answered(Subject.of("$JS.FC.S.C.other"))).isFalse();
        assertThat(window.open()).isFalse();
        assertThat(window.answered(FIRST)).isTrue();
        assertThat(window.open()).isTrue();
        assertThat(window.outstanding()).isNull();
        assertThat(window.answered(FIRST)).isFalse();
    }

    @Test
    void theWindowDoublesUpToItsMaximum() {
        for (int i = 0; i < 10; i++) {
            window.sent(FlowWindow.MAX_BYTES, false);
            window.request(FIRST);
            window.answered(FIRST);
        }
        window.sent(FlowWindow.MAX_BYTES, false);
        assertThat(window.open()).isTrue();
        window.sent(1, false);
        assertThat(window.open()).isFalse();
    }

    @Test
    void asksEarlyWhenNothingElseCanGoOn() {
        assertThat(window.sent(10, true)).isTrue();
        window.request(FIRST);
        assertThat(window.sent(10, true)).isFalse();
    }
}
