package io.leafd.app.run;

import io.leafd.jetstream.AccountParts;
import io.leafd.jetstream.api.AccountScope;
import io.leafd.jetstream.api.ApiRoutes;
import io.leafd.jetstream.consumer.AccountConsumers;
import io.leafd.jetstream.mirror.AccountOrigins;
import io.leafd.jetstream.stream.IntakeGate;
import io.leafd.jetstream.stream.StreamConsumers;
import io.leafd.jetstream.stream.StreamOrigins;
import io.leafd.jetstream.stream.Streams;
import java.util.HashMap;
import java.util.Map;

/** Gives each account's JetStream its consumers, mirrors and sources. Owned by the store loop. */
final class JetStreamParts implements AccountParts {
    private final Map<String, AccountConsumers> consumers = new HashMap<>();
    private final Map<String, AccountOrigins> origins = new HashMap<>();

    @Override
    public StreamConsumers.Factory consumers(AccountScope scope, IntakeGate gate) {
        return consumers.computeIfAbsent(scope.account(), name -> new AccountConsumers(scope, gate));
    }

    @Override
    public StreamOrigins.Factory origins(AccountScope scope, IntakeGate gate) {
        return origins.computeIfAbsent(scope.account(), name -> new AccountOrigins(scope, gate));
    }

    @Override
    public void addTo(ApiRoutes routes, Streams streams, StreamConsumers.Factory factory) {
        consumers.values().stream().filter(one -> one == factory).forEach(one -> one.open(routes, streams));
    }

    /** Tells those who wait for messages that the server goes down. */
    void close() {
        consumers.values().forEach(AccountConsumers::close);
    }
}
