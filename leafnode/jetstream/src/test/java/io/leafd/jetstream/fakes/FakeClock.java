package io.leafd.jetstream.fakes;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** Time that stands still until a test moves it: a wall clock and the monotonic clock beside it. One thread. */
public final class FakeClock implements InstantSource {
    private Instant wall = Instant.parse("2026-01-02T03:04:05Z");
    private long nanoTime = 1_000_000_000L;

    /** Lets time pass on both clocks. */
    public void advance(Duration duration) {
        wall = wall.plus(duration);
        nanoTime += duration.toNanos();
    }

    /** Sets the wall clock, as NTP or a person does. */
    public void jump(Duration duration) {
        wall = wall.plus(duration);
    }

    @Override
    public Instant instant() {
        return wall;
    }

    /** The monotonic clock. */
    public long nanoTime() {
        return nanoTime;
    }
}
