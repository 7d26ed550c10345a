package io.leafd.jetstream.consumer;

import io.leafd.jetstream.api.AccountScope;
import io.leafd.jetstream.api.ApiRoutes;
import io.leafd.jetstream.api.Nuid;
import io.leafd.jetstream.consumer.pull.PullStatus;
import io.leafd.jetstream.stream.IntakeGate;
import io.leafd.jetstream.stream.Stream;
import io.leafd.jetstream.stream.StreamConsumers;
import io.leafd.jetstream.stream.Streams;
import java.util.IdentityHashMap;
import java.util.Objects;

/** The consumers of all streams of one account. Owned by the store loop. */
public final class AccountConsumers implements StreamConsumers.Factory {
    private static final int SUFFIX_LENGTH = 8;

    private final AccountScope scope;
    private final IntakeGate gate;
    private final DeliverInterest interest;
    private final IdentityHashMap<Stream, Consumers> byStream = new IdentityHashMap<>();

    /** No consumers yet: they come with their streams. */
    public AccountConsumers(AccountScope scope, IntakeGate gate) {
        this.scope = scope;
        this.gate = gate;
        this.interest = new DeliverInterest(scope);
    }

    /** Adds the requests on consumers, and begins to follow who listens on their deliver subjects. */
    public void open(ApiRoutes routes, Streams streams) {
        new ConsumerApi(streams, this).addTo(routes);
        scope.port().listen(interest);
    }

    @Override
    public StreamConsumers open(Stream stream) {
        var consumers = new Consumers(stream, gate, interest, () -> byStream.remove(stream));
        byStream.put(stream, consumers);
        consumers.load();
        return consumers;
    }

    /** Ends all consumers, keeping what is on disk: requesters are told that the server goes down. */
    public void close() {
        byStream.values().forEach(consumers -> consumers.close(PullStatus.SHUTDOWN));
        byStream.clear();
    }

    /** The consumers of a stream of this account. */
    Consumers of(Stream stream) {
        return Objects.requireNonNull(byStream.get(stream), () -> "no consumers of stream " + stream.name());
    }

    /** What makes the name of a hidden consumer unique. */
    static String suffix(AccountScope scope) {
        return Nuid.next(scope.random(), SUFFIX_LENGTH);
    }
}
