package io.leafd.jetstream.stream;

/** What gives way when a limit is reached: the oldest message or the new one. */
public enum Discard {
    OLD,
    NEW
}
