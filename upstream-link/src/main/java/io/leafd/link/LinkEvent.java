package io.leafd.link;

/** What happens to a link. Attempts are numbered so that an event of an earlier attempt changes nothing. */
sealed interface LinkEvent {
    /** The wait is over: an attempt begins. */
    record Due() implements LinkEvent {}

    /** The upstream took us: interest may flow. */
    record Accepted(int attempt) implements LinkEvent {}

    /** The attempt, or the connection that it led to, has ended. */
    record Failed(int attempt, LinkFailure failure) implements LinkEvent {}

    /** The owner wants a fresh connection now, whatever the state. */
    record Retry() implements LinkEvent {}

    /** The link is no longer wanted. */
    record Stop() implements LinkEvent {}
}
