package io.leafd.test.faults;

import java.time.Duration;

/** Time in which the clients of a scenario work. Any thread. */
final class Moments {

    private Moments() {}

    /** Lets the workload run for so long: a fault's moment is drawn, not waited for. */
    static void pass(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
