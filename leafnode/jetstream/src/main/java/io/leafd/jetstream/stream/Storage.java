package io.leafd.jetstream.stream;

/** Whether a stream outlives the process. */
public enum Storage {
    FILE,
    MEMORY
}
