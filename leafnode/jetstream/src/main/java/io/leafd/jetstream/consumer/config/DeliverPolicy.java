package io.leafd.jetstream.consumer.config;

/** Where a consumer begins to read its stream. */
public enum DeliverPolicy {
    ALL,
    LAST,
    NEW,
    BY_START_SEQUENCE,
    BY_START_TIME,
    LAST_PER_SUBJECT
}
