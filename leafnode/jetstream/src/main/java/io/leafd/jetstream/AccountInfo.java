package io.leafd.jetstream;

import io.leafd.jetstream.api.AccountLimits;
import io.leafd.jetstream.api.AccountScope;
import io.leafd.jetstream.api.ApiCounters;
import io.leafd.jetstream.api.ApiRequest;
import io.leafd.jetstream.stream.Storage;
import io.leafd.jetstream.stream.Stream;
import io.leafd.jetstream.stream.Streams;
import io.leafd.protocol.json.JsonWriter;

/** Answers {@code $JS.API.INFO}: what the account uses and may use. On the store loop. */
final class AccountInfo {
    private final Streams streams;
    private final ApiCounters counters;

    AccountInfo(Streams streams, ApiCounters counters) {
        this.streams = streams;
        this.counters = counters;
    }

    void answer(ApiRequest request) {
        AccountScope scope = streams.scope();
        JsonWriter json = request.answer()
                .field("memory", streams.usedBytes(Storage.MEMORY))
                .field("storage", streams.usedBytes(Storage.FILE))
                .field("reserved_memory", streams.reservedBytes(Storage.MEMORY))
                .field("reserved_storage", streams.reservedBytes(Storage.FILE))
                .field("streams", streams.all().size())
                .field("consumers", consumers());
        writeLimits(json, scope.limits());
        if (scope.domain() != null) {
            json.field("domain", scope.domain());
        }
        json.object("api")
                .field("level", AccountScope.API_LEVEL)
                .field("total", counters.total() - 1) // those before this one
                .field("errors", counters.errors())
                .end();
        request.respond(json);
    }

    private long consumers() {
        long count = 0;
        for (Stream stream : streams.all()) {
            count += stream.consumers().count();
        }
        return count;
    }

    private static void writeLimits(JsonWriter json, AccountLimits limits) {
        json.object("limits")
                .field("max_memory", limits.memoryBytes())
                .field("max_storage", limits.storageBytes())
                .field("max_streams", limits.streams())
                .field("max_consumers", limits.consumers())
                .field("max_ack_pending", limits.ackPending())
                .field("memory_max_stream_bytes", limits.memoryStreamBytes())
                .field("storage_max_stream_bytes", limits.storageStreamBytes())
                .field("max_bytes_required", limits.maxBytesRequired())
                .end();
    }
}
