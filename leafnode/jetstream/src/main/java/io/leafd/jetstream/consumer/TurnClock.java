package io.leafd.jetstream.consumer;

import io.leafd.jetstream.api.AccountScope;
import io.leafd.jetstream.consumer.ack.Clock;
import io.leafd.jetstream.json.GoTime;

/**
 * Both clocks, read at most once per turn: all that happens in one turn of the store loop happens at one time. Owned by the store
 * loop.
 */
final class TurnClock implements Clock {
    private final AccountScope scope;
    private long nowNs;
    private long wallNs;
    private boolean wallRead;

    TurnClock(AccountScope scope) {
        this.scope = scope;
        tick();
    }

    /** A new turn begins. */
    void tick() {
        nowNs = scope.store().loop().nanoTime();
        wallRead = false;
    }

    @Override
    public long nowNs() {
        return nowNs;
    }

    @Override
    public long wallNs() {
        if (!wallRead) {
            wallRead = true;
            wallNs = GoTime.epochNs(scope.clock().instant());
        }
        return wallNs;
    }
}
