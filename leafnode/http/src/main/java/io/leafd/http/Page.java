package io.leafd.http;

/** One path. Runs on the loop of the connection; reads published snapshots only, so it never waits. */
@FunctionalInterface
interface Page {
    Answer answer(Query query);
}
