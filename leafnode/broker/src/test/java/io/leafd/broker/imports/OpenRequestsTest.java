package io.leafd.broker.imports;

import static org.assertj.core.api.Assertions.assertThat;

import io.leafd.protocol.Subject;
import io.leafd.security.nkey.RandomNames;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class OpenRequestsTest {
    private static final Subject INBOX = Subject.of("inbox.1");

    private long nowNs = Long.MAX_VALUE - 1_000; // the clock may pass its end
    private final OpenRequests requests = new OpenRequests(new RandomNames(new SecureRandom()), () -> nowNs);

    @Test
    void firstAnswerOnlyFindsItsWay() {
        Subject one = add(INBOX);
        Subject two = add(Subject.of("inbox.2"));
        assertThat(one.toString()).matches("p\\.\\w{8}000");
        assertThat(two.toString()).matches("p\\.\\w{8}001");
        assertThat(requests.take(one)).isEqualTo(INBOX);
        assertThat(requests.take(one)).isNull();
        assertThat(requests.take(two)).isEqualTo(Subject.of("inbox.2"));
    }

    @Test
    void whoGuessesFindsNothing() {
        Subject reply = add(INBOX);
        for (String guess : List.of("", "0", "p.000", "p.abcdefgh000", "p.abcdefghxyz", "p.abcdefghfff")) {
            assertThat(requests.take(Subject.of(guess))).as(guess).isNull();
        }
        assertThat(requests.take(reply)).isEqualTo(INBOX);
    }

    @Test
    void answerAfterTwoMinutesIsTooLate() {
        Subject one = add(INBOX);
        Subject two = add(INBOX);
        nowNs += TimeUnit.MINUTES.toNanos(2) - 1;
        assertThat(requests.take(one)).isEqualTo(INBOX);
        nowNs++;
        assertThat(requests.take(two)).isNull();
    }

    @Test
    void oldestGivesWayWhenTooManyWait() {
        var replies = new ArrayList<Subject>();
        for (int i = 0; i <= OpenRequests.MAX; i++) {
            replies.add(add(INBOX));
        }
        assertThat(new HashSet<>(replies)).hasSameSizeAs(replies);
        assertThat(requests.take(replies.getFirst())).isNull();
        assertThat(replies.stream().skip(1)).allMatch(reply -> requests.take(reply) != null);
    }

    @Test
    void replySubjectBeyondAllMeasureIsNotKept() {
        assertThat(requests.add("p.", Subject.of("i".repeat(OpenRequests.ASKED_MAX_BYTES + 1))))
                .isNull();
    }

    private Subject add(Subject asked) {
        Subject reply = requests.add("p.", asked);
        assertThat(reply).isNotNull();
        return reply;
    }
}
