package io.leafd.jetstream.stream;

/** What a client wishes for the stored form; shown as asked, the store compresses as it sees fit. */
public enum Compression {
    NONE,
    S2
}
