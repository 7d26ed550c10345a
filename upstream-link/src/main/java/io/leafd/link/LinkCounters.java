package io.leafd.link;

/** What is counted over all connections of a link. Any thread. */
record LinkCounters(LeafTraffic traffic, Refusals refusals) {
    static LinkCounters of(String link) {
        return new LinkCounters(new LeafTraffic(), new Refusals(link));
    }
}
