package io.leafd.store.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class InboxTest {
    private static final Work NOTHING = () -> {};

    @Test
    void refusesAtEitherBoundAndTakesAgainAfterwards() {
        var inbox = new Inbox(4, 100);
        assertThat(inbox.offer(NOTHING, 60)).isTrue();
        assertThat(inbox.offer(NOTHING, 60)).isFalse();
        assertThat(inbox.offer(NOTHING, 40)).isTrue();
        assertThat(inbox.heldBytes()).isEqualTo(100);
        inbox.poll();
        assertThat(inbox.offer(NOTHING, 60)).isTrue();
        assertThat(inbox.offer(NOTHING, 0)).isTrue();
        assertThat(inbox.offer(NOTHING, 0)).isTrue();
        assertThat(inbox.offer(NOTHING, 0)).as("four items wait").isFalse();
        assertThat(inbox.size()).isEqualTo(4);
    }

    @Test
    void letsOneGiantInWhenNothingElseWaits() {
        var inbox = new Inbox(4, 100);
        assertThat(inbox.offer(NOTHING, 1000)).isTrue();
        assertThat(inbox.offer(NOTHING, 1)).isFalse();
    }

    @Test
    @Timeout(30)
    void manyProducersLoseAndRepeatNothing() throws InterruptedException {
        var inbox = new Inbox(64, Long.MAX_VALUE);
        int each = 20_000;
        var ran = new AtomicInteger[] {new AtomicInteger(), new AtomicInteger(), new AtomicInteger()};
        var producers = new ArrayList<Thread>();
        for (AtomicInteger counter : ran) {
            producers.add(Thread.ofPlatform().start(() -> {
                for (int i = 0; i < each; i++) {
                    int expected = i;
                    Work work = () -> assertThat(counter.getAndIncrement()).isEqualTo(expected);
                    while (!inbox.offer(work, 1)) {
                        Thread.onSpinWait();
                    }
                }
            }));
        }
        for (int taken = 0; taken < ran.length * each; ) {
            Work work = inbox.poll();
            if (work != null) {
                work.run(); // checks the order of its producer
                taken++;
            }
        }
        for (Thread producer : producers) {
            producer.join();
        }
        assertThat(inbox.isEmpty()).isTrue();
        assertThat(inbox.heldBytes()).isZero();
    }
}
