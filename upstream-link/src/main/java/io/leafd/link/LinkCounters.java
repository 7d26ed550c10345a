package io.leafd.link;

import io.leafd.link.budget.Meter;

/**
 * What is counted over all connections of a link. Any thread.
 *
 * @param meter of what is on the wire
 */
record LinkCounters(LeafTraffic traffic, Refusals refusals, Meter meter) {
    static LinkCounters of(String link, Meter meter) {
        return new LinkCounters(new LeafTraffic(), new Refusals(link), meter);
    }
}
