package io.leafd.jetstream.stream;

/** When a stream lets messages go besides its limits: never, when every consumer is done with them, when one is. */
public enum Retention {
    LIMITS,
    INTEREST,
    WORKQUEUE
}
