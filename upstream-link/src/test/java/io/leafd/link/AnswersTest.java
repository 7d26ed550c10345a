package io.leafd.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.leafd.protocol.Subject;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class AnswersTest {
    private static final Subject REPLY = Subject.of("_INBOX.a.1");
    private final Answers one = new Answers(1, Duration.ofNanos(100));

    @Test
    void oneRequestOneAnswer() {
        one.asked(REPLY, 0);

        assertThat(one.use(REPLY, 1)).isTrue();
        assertThat(one.use(REPLY, 2)).isFalse();
        assertThat(one.size()).isZero();
    }

    @Test
    void nothingAskedNothingAnswered() {
        assertThat(one.use(REPLY, 0)).isFalse();
    }

    @Test
    void anAnswerThatComesTooLateIsNone() {
        one.asked(REPLY, 0);

        assertThat(one.use(REPLY, 101)).isFalse();
    }

    @Test
    void anotherRequestWithTheSameReplyStartsAnew() {
        one.asked(REPLY, 0);
        one.use(REPLY, 1);
        one.asked(REPLY, 2);

        assertThat(one.use(REPLY, 101)).isTrue();
    }

    @Test
    void unlimitedAnswersEndWithTime() {
        var many = new Answers(Answers.UNLIMITED, Duration.ofNanos(100));
        many.asked(REPLY, 0);

        for (int i = 0; i < 1000; i++) {
            assertThat(many.use(REPLY, 100)).isTrue();
        }
        assertThat(many.use(REPLY, 101)).isFalse();
    }

    @Test
    void theOldestMakesRoom() {
        for (int i = 0; i < Answers.ASKED_MAX + 10; i++) {
            one.asked(Subject.of("r." + i), 0);
        }

        assertThat(one.size()).isLessThanOrEqualTo(Answers.ASKED_MAX);
        assertThat(one.use(Subject.of("r.0"), 1)).isFalse();
        assertThat(one.use(Subject.of("r.20"), 1)).isTrue();
    }

    @Test
    void expiredRequestsAreForgotten() {
        for (int i = 0; i < 100; i++) {
            one.asked(Subject.of("r." + i), 0);
        }
        one.asked(REPLY, 1000);

        assertThat(one.size()).isEqualTo(1);
    }
}
