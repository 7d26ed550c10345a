package io.leafd.jetstream.consumer.ack;

/** A clock that stands still until it is moved. */
final class TestClock implements Clock {
    private long nowNs = 1_000;

    void advance(long ns) {
        nowNs += ns;
    }

    @Override
    public long nowNs() {
        return nowNs;
    }

    @Override
    public long wallNs() {
        return 1_795_000_000_000_000_000L + nowNs;
    }
}
