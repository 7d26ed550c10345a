package io.leafd.link.forward;

import java.time.Instant;
import java.time.InstantSource;
import java.util.PriorityQueue;
import java.util.function.BooleanSupplier;

/** Virtual time: what is planned happens in the order of its time, on the caller's thread. */
final class Simulation implements InstantSource {
    private record Event(long atNs, long order, Runnable run) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            return atNs != other.atNs ? Long.compare(atNs, other.atNs) : Long.compare(order, other.order);
        }
    }

    static final long MS = 1_000_000;
    static final long SECOND = 1_000_000_000;

    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private long nowNs = 1;
    private long planned;

    long nowNs() {
        return nowNs;
    }

    @Override
    public Instant instant() {
        return Instant.EPOCH.plusNanos(nowNs);
    }

    void at(long atNs, Runnable run) {
        events.add(new Event(Math.max(atNs, nowNs), planned++, run));
    }

    void in(long delayNs, Runnable run) {
        at(nowNs + delayNs, run);
    }

    /** Lets this much time pass. */
    void pass(long ns) {
        runUntil(() -> false, nowNs + ns);
    }

    /** Runs until the condition holds; false if it does not by then. */
    boolean runUntil(BooleanSupplier condition, long limitNs) {
        while (!condition.getAsBoolean()) {
            Event next = events.peek();
            if (next == null || next.atNs > limitNs) {
                nowNs = limitNs;
                return condition.getAsBoolean();
            }
            events.poll();
            nowNs = next.atNs;
            next.run.run();
        }
        return true;
    }
}
