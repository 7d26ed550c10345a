package io.leafd.jetstream.consumer.config;

/** Which messages have to be acknowledged, and by what. */
public enum AckPolicy {
    NONE,
    ALL,
    EXPLICIT,
    FLOW_CONTROL
}
