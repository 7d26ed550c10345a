package io.leafd.jetstream.consumer.config;

/** Whether stored messages are delivered at once, or with the pauses between them in which they came. */
public enum ReplayPolicy {
    INSTANT,
    ORIGINAL
}
