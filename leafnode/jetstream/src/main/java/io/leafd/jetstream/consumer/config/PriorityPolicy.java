package io.leafd.jetstream.consumer.config;

/** How pull requests of one group compete. */
public enum PriorityPolicy {
    NONE,
    OVERFLOW,
    PINNED_CLIENT,
    PRIORITIZED
}
