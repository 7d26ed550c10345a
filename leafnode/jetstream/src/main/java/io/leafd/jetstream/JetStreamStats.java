package io.leafd.jetstream;

import io.leafd.jetstream.stream.Storage;
import io.leafd.jetstream.stream.Stream;
import io.leafd.jetstream.stream.StreamConfig;
import io.leafd.jetstream.stream.Streams;
import io.leafd.protocol.json.JsonWriter;
import io.leafd.store.log.StreamState;
import java.util.ArrayList;
import java.util.List;

/**
 * What JetStream holds at one moment. Immutable, any thread.
 *
 * @param accounts by account, in the order of the configuration
 */
public record JetStreamStats(List<OfAccount> accounts) {
    /**
     * One account.
     *
     * @param memoryBytes held by streams with memory storage
     * @param storageBytes held by streams with file storage
     * @param reservedMemoryBytes sum of {@code max_bytes} of streams with memory storage
     * @param reservedStorageBytes sum of {@code max_bytes} of streams with file storage
     * @param apiTotal requests so far
     * @param apiErrors how many of them were refused
     */
    public record OfAccount(
            String name,
            long memoryBytes,
            long storageBytes,
            long reservedMemoryBytes,
            long reservedStorageBytes,
            long apiTotal,
            long apiErrors,
            List<OfStream> streams) {}

    /**
     * One stream.
     *
     * @param createdNs nanoseconds since 1970
     * @param firstTimestampNs of the oldest message, 0 if there is none
     * @param consumers visible consumers
     * @param consumerDetail JSON array of their descriptions, empty if not asked for
     * @param originDetail JSON object with the fields {@code mirror} or {@code sources} of its description
     */
    public record OfStream(
            String name,
            long createdNs,
            StreamConfig config,
            StreamState state,
            long firstTimestampNs,
            int consumers,
            String consumerDetail,
            String originDetail) {}

    static JetStreamStats of(JetStream jetStream, boolean details) {
        var accounts = new ArrayList<OfAccount>();
        for (AccountJetStream account : jetStream.accounts()) {
            Streams streams = account.streams();
            accounts.add(new OfAccount(
                    streams.scope().account(),
                    streams.usedBytes(Storage.MEMORY),
                    streams.usedBytes(Storage.FILE),
                    streams.reservedBytes(Storage.MEMORY),
                    streams.reservedBytes(Storage.FILE),
                    account.counters().total(),
                    account.counters().errors(),
                    streams.all().stream().map(one -> of(streams, one, details)).toList()));
        }
        return new JetStreamStats(List.copyOf(accounts));
    }

    private static OfStream of(Streams streams, Stream stream, boolean details) {
        var consumers = new JsonWriter();
        if (details) {
            stream.consumers().writeInfos(consumers);
        }
        JsonWriter origins = new JsonWriter().object();
        streams.originsOf(stream).writeInfo(origins);
        return new OfStream(
                stream.name(),
                stream.createdNs(),
                stream.config(),
                stream.log().state(),
                stream.log().firstTimestampNs(),
                stream.consumers().count(),
                consumers.toString(),
                origins.end().toString());
    }
}
