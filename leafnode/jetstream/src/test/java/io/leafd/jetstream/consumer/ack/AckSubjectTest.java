package io.leafd.jetstream.consumer.ack;

import static org.assertj.core.api.Assertions.assertThat;

import io.leafd.protocol.Subject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AckSubjectTest {
    @Test
    void isWrittenInTheShortForm() {
        Subject subject = new AckSubject(1, 2, 3)
                .format(AckSubject.prefix("ORDERS", "JS_MIRROR_33iOul43"), 1795226793819907483L, 0);

        assertThat(subject).hasToString("$JS.ACK.ORDERS.JS_MIRROR_33iOul43.1.2.3.1795226793819907483.0");
        assertThat(AckSubject.parse(subject)).isEqualTo(new AckSubject(1, 2, 3));
    }

    @Test
    void theLargestNumbersFit() {
        Subject subject = new AckSubject(Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE)
                .format(AckSubject.prefix("S", "C"), Long.MAX_VALUE, Long.MAX_VALUE);

        assertThat(subject.toString()).endsWith(".9223372036854775807.9223372036854775807");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "$JS.ACK.edge.ACCHASH.S.C.4.5.6.7.8",
                "$JS.ACK._.ACCHASH.S.C.4.5.6.7.8.more.tokens",
                "$JS.ACK.S.C.4.5.6.7.8"
            })
    void bothFormsAreRead(String subject) {
        assertThat(AckSubject.parse(Subject.of(subject))).isEqualTo(new AckSubject(4, 5, 6));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "$JS.ACK.S.C.1.2.3.4",
                "$JS.ACK.S.C.1.2.3.4.5.6",
                "$JS.ACK.S.C.x.2.3.4.5",
                "$JS.ACK.S.C.1.-2.3.4.5",
                "$JS.ACK.S.C.1..3.4.5",
                "$JS.ACK.S.C.1.99999999999999999999.3.4.5"
            })
    void otherSubjectsAreNone(String subject) {
        assertThat(AckSubject.parse(Subject.of(subject))).isNull();
    }
}
