package io.leafd.app.demo;

import io.leafd.app.demo.StreamView.Content;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What each side holds at one moment. Immutable.
 *
 * @param made readings so far, by sensor
 * @param edge what waits there for the hub; null while the edge is away
 * @param hub  what is in its stream; null while the hub is away
 * @param link one word for the state of the cable
 */
record Snapshot(
        List<List<Reading>> made,
        @Nullable Content edge,
        @Nullable Content hub,
        String link) {
    long sent() {
        return made.stream().mapToLong(List::size).sum();
    }
}
