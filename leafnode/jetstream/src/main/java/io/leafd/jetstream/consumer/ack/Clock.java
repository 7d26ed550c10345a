package io.leafd.jetstream.consumer.ack;

/** The two times that acknowledgement waits need. */
public interface Clock {
    /** Monotonic nanoseconds, for waits. */
    long nowNs();

    /** Nanoseconds since 1970, for what must survive a restart. */
    long wallNs();
}
