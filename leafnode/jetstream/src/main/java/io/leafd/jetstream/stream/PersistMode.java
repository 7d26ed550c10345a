package io.leafd.jetstream.stream;

/** Whether an acknowledgement waits for the disk. */
public enum PersistMode {
    DEFAULT,
    ASYNC
}
