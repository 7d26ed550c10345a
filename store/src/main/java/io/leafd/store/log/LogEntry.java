package io.leafd.store.log;

/** What reading a log yields: a message, or the fact that there was one and it is damaged. Immutable, any thread. */
public sealed interface LogEntry permits StoredMessage, DamagedRange {}
