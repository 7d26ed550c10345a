package io.leafd.store.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TimersTest {
    private final Timers timers = new Timers();
    private final List<String> fired = new ArrayList<>();

    @Test
    void earliestFiresFirstAndEqualsInOrderOfMaking() {
        timers.add(20, () -> fired.add("b"));
        timers.add(10, () -> fired.add("a"));
        timers.add(20, () -> fired.add("c"));

        fire(15);
        assertThat(fired).containsExactly("a");
        assertThat(timers.delayNs(15)).isEqualTo(5);
        fire(20);
        assertThat(fired).containsExactly("a", "b", "c");
        assertThat(timers.delayNs(20)).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void cancelledTimerLeavesAtOnce() {
        LoopTimer timer = timers.add(10, () -> fired.add("a"));
        timer.cancel();
        timer.cancel();
        assertThat(timers.size()).isZero();
        assertThat(timer.pending()).isFalse();
        fire(100);
        assertThat(fired).isEmpty();
    }

    @Test
    void orderHoldsOverWrappedNanoTime() {
        long nearEnd = Long.MAX_VALUE - 5;
        timers.add(nearEnd + 10, () -> fired.add("late")); // wraps to negative
        timers.add(nearEnd, () -> fired.add("early"));
        fire(nearEnd + 1);
        assertThat(fired).containsExactly("early");
    }

    @Test
    void randomTimersComeInOrder() {
        var random = new Random(7);
        var made = new ArrayList<LoopTimer>();
        for (int i = 0; i < 2000; i++) {
            made.add(timers.add(random.nextInt(500), () -> {}));
        }
        for (int i = 0; i < 1000; i++) {
            made.get(random.nextInt(made.size())).cancel();
        }
        int left = timers.size();
        long last = -1;
        for (LoopTimer timer = timers.pollDue(1000); timer != null; timer = timers.pollDue(1000)) {
            assertThat(timer.dueNs).isGreaterThanOrEqualTo(last);
            last = timer.dueNs;
            left--;
        }
        assertThat(left).isZero();
    }

    private void fire(long nowNs) {
        for (LoopTimer timer = timers.pollDue(nowNs); timer != null; timer = timers.pollDue(nowNs)) {
            timer.work.run();
        }
    }
}
