package io.leafd.broker.imports;

import static org.assertj.core.api.Assertions.assertThat;

import io.leafd.protocol.Subject;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OpenRequestsTest {
    private long nowNs = Long.MAX_VALUE - 1_000; // the clock may pass its end
    private final OpenRequests requests = new OpenRequests(() -> nowNs);

    @Test
    void firstAnswerOnlyFindsItsWay() {
        requests.add(Subject.of("r1"), Subject.of("inbox.1"));
        requests.add(Subject.of("r2"), Subject.of("inbox.2"));
        assertThat(requests.take(Subject.of("r1"))).isEqualTo(Subject.of("inbox.1"));
        assertThat(requests.take(Subject.of("r1"))).isNull();
        assertThat(requests.take(Subject.of("r2"))).isEqualTo(Subject.of("inbox.2"));
        assertThat(requests.take(Subject.of("r3"))).isNull();
    }

    @Test
    void answerAfterTwoMinutesIsTooLate() {
        requests.add(Subject.of("r1"), Subject.of("inbox.1"));
        requests.add(Subject.of("r2"), Subject.of("inbox.2"));
        nowNs += TimeUnit.MINUTES.toNanos(2) - 1;
        assertThat(requests.take(Subject.of("r1"))).isEqualTo(Subject.of("inbox.1"));
        nowNs++;
        assertThat(requests.take(Subject.of("r2"))).isNull();
    }

    @Test
    void oldestGiveWayWhenTooManyWait() {
        Subject longReply = Subject.of("i".repeat(4_000));
        int many = OpenRequests.BYTES_MAX / 4_000;
        IntStream.range(0, many).forEach(i -> requests.add(Subject.of("r" + i), longReply));
        long kept = IntStream.range(0, many)
                .filter(i -> requests.take(Subject.of("r" + i)) != null)
                .count();
        assertThat(kept).isEqualTo(OpenRequests.BYTES_MAX / 4_200);
        assertThat(requests.take(Subject.of("r0"))).isNull();
    }

    @Test
    void thoseThatAreTooLateMakeRoom() {
        Subject longReply = Subject.of("i".repeat(4_000));
        IntStream.range(0, 400).forEach(i -> requests.add(Subject.of("old" + i), longReply));
        nowNs += TimeUnit.MINUTES.toNanos(2);
        IntStream.range(0, 400).forEach(i -> requests.add(Subject.of("new" + i), longReply));
        assertThat(IntStream.range(0, 400).allMatch(i -> requests.take(Subject.of("new" + i)) != null))
                .isTrue();
    }
}
