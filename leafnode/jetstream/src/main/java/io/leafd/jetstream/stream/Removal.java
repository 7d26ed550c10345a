package io.leafd.jetstream.stream;

/** Why a message left a stream. */
public enum Removal {
    /** A limit on number, bytes, age or messages of a subject. */
    LIMIT,
    /** A request named it. */
    DELETED,
    /** A purge or roll-up covered it. */
    PURGED,
    /** Its consumers are done with it, on a stream with interest or workqueue retention. */
    DONE
}
