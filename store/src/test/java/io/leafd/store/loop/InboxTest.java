package io.leafd.store.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
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

    /** Counts what becomes of it. */
    private record Asker(AtomicInteger ran, AtomicInteger refused) implements Refusable {
        Asker() {
            this(new AtomicInteger(), new AtomicInteger());
        }

        @Override
        public void run() {
            ran.incrementAndGet();
        }

        @Override
        public boolean refusable() {
            return true;
        }

        @Override
        public void refuse() {
            refused.incrementAndGet();
        }
    }

    @Test
    void whatIsRefusedIsNotRunAndItsPlaceIsFreeOnceTheLoopCameThere() {
        var inbox = new Inbox(2, 100);
        var asker = new Asker();
        inbox.offer(asker, 60);
        inbox.offer(NOTHING, 40);
        inbox.refuseWaiting();
        inbox.refuseWaiting();
        assertThat(asker.refused).hasValue(1);
        assertThat(inbox.offer(NOTHING, 0)).as("two items wait").isFalse();
        assertThat(inbox.heldBytes()).isEqualTo(100);

        Objects.requireNonNull(inbox.poll()).run();
        assertThat(asker.ran).hasValue(0);
        assertThat(inbox.heldBytes()).isEqualTo(40);
        assertThat(inbox.poll()).isSameAs(NOTHING);
        assertThat(inbox.poll()).isNull();
        assertThat(inbox.offer(NOTHING, 100)).isTrue();
    }

    @Test
    @Timeout(30)
    void eachIsEitherRunOrRefusedAndNoneTwice() throws InterruptedException {
        var inbox = new Inbox(64, Long.MAX_VALUE);
        var askers = new ArrayList<Asker>();
        for (int i = 0; i < 100_000; i++) {
            askers.add(new Asker());
        }
        var done = new AtomicBoolean();
        Thread refuser = Thread.ofPlatform().start(() -> {
            while (!done.get()) {
                inbox.refuseWaiting();
            }
        });
        Thread producer = Thread.ofPlatform().start(() -> {
            for (Asker asker : askers) {
                while (!inbox.offer(asker, 1)) {
                    Thread.onSpinWait();
                }
            }
        });
        for (int taken = 0; taken < askers.size(); ) {
            Work work = inbox.poll();
            if (work != null) {
                work.run();
                taken++;
            }
        }
        producer.join();
        done.set(true);
        refuser.join();

        assertThat(askers).allMatch(asker -> asker.ran().get() + asker.refused().get() == 1);
        assertThat(inbox.heldBytes()).isZero();
    }
}
