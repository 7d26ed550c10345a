package io.leafd.jetstream;

import io.leafd.jetstream.api.AccountScope;
import io.leafd.jetstream.api.ApiCounters;
import io.leafd.jetstream.api.ApiRoute;
import io.leafd.jetstream.api.ApiRoutes;
import io.leafd.jetstream.stream.AbsentApi;
import io.leafd.jetstream.stream.IntakeGate;
import io.leafd.jetstream.stream.MessageApi;
import io.leafd.jetstream.stream.StreamApi;
import io.leafd.jetstream.stream.StreamConsumers;
import io.leafd.jetstream.stream.Streams;

/** JetStream of one account: its streams and its API. Owned by the store loop. */
public final class AccountJetStream {
    private final Streams streams;
    private final ApiCounters counters = new ApiCounters();
    private final ApiRoutes routes = new ApiRoutes();
    private final ApiIngress ingress;

    AccountJetStream(AccountScope scope, IntakeGate gate, AccountParts parts) {
        StreamConsumers.Factory consumers = parts.consumers(scope, gate);
        this.streams = new Streams(scope, gate, consumers, parts.origins(scope, gate));
        var info = new AccountInfo(streams, counters);
        routes.add(new ApiRoute("INFO", "account_info_response", info::answer));
        new StreamApi(streams).addTo(routes);
        new MessageApi(streams).addTo(routes);
        new AbsentApi(streams).addTo(routes);
        parts.addTo(routes, streams, consumers);
        this.ingress = new ApiIngress(scope, gate, routes, counters);
    }

    /** The streams. */
    public Streams streams() {
        return streams;
    }

    /** Requests so far. Any thread. */
    public ApiCounters counters() {
        return counters;
    }

    /** What is answered. Any thread. */
    ApiRoutes routes() {
        return routes;
    }

    /** Begins to answer. */
    void open() {
        ingress.open();
    }

    /** Stops answering; streams take no more messages. */
    void close() {
        ingress.close();
        streams.close();
    }
}
