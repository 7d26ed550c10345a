package io.leafd.http;

import io.leafd.broker.net.ServerContext;
import io.leafd.jetstream.JetStreamStats;
import io.leafd.protocol.json.JsonWriter;

/**
 * {@code /jsz}: the streams. Parameters: {@code acc}, {@code accounts}, {@code streams}; as in nats-server, {@code streams}
 * shows its detail where accounts are shown too.
 */
final class JszPage implements Page {
    private final ServerContext server;
    private final Sources sources;

    JszPage(ServerContext server, Sources sources) {
        this.server = server;
        this.sources = sources;
    }

    @Override
    public Answer answer(Query query) {
        JetStreamStats stats = sources.jetStream();
        JsonWriter json = new JsonWriter().object();
        if (stats == null) {
            json.field("server_id", server.identity().serverId()).field("disabled", true);
            return Answer.json(200, json.end().toString());
        }
        totals(json, stats);
        json.field("server_id", server.identity().serverId()).field("now", Times.instant(System.currentTimeMillis()));
        config(json, server, sources).field("strict", true).end();
        json.field("streams", sum(stats, one -> 1))
                .field("consumers", sum(stats, JetStreamStats.OfStream::consumers))
                .field("messages", sum(stats, one -> one.state().messages()))
                .field("bytes", sum(stats, one -> one.state().bytes()));
        String only = query.text("acc");
        if (only != null || query.fact("accounts") || query.fact("streams") || query.fact("consumers")) {
            json.array("account_details");
            for (JetStreamStats.OfAccount account : stats.accounts()) {
                if (only == null || only.equals(account.name())) {
                    account(json, account, query.fact("streams") || query.fact("consumers"));
                }
            }
            json.end();
        }
        json.field("total", stats.accounts().size());
        return Answer.json(200, json.end().toString());
    }

    /** The sums that both this page and {@code /varz} begin with. */
    static void totals(JsonWriter json, JetStreamStats stats) {
        long memory = 0;
        long storage = 0;
        long reservedMemory = 0;
        long reservedStorage = 0;
        long total = 0;
        long errors = 0;
        for (JetStreamStats.OfAccount account : stats.accounts()) {
            memory += account.memoryBytes();
            storage += account.storageBytes();
            reservedMemory += account.reservedMemoryBytes();
            reservedStorage += account.reservedStorageBytes();
            total += account.apiTotal();
            errors += account.apiErrors();
        }
        json.field("memory", memory)
                .field("storage", storage)
                .field("reserved_memory", reservedMemory)
                .field("reserved_storage", reservedStorage)
                .field("accounts", stats.accounts().size())
                .field("ha_assets", 0)
                .object("api")
                .field("level", 5)
                .field("total", total)
                .field("errors", errors)
                .end();
    }

    /** Begins {@code config}, which stays open. */
    static JsonWriter config(JsonWriter json, ServerContext server, Sources sources) {
        json.object("config");
        Sources.Disk disk = sources.disk();
        if (disk != null) {
            json.field("max_storage", disk.maxBytes()).field("store_dir", disk.directory());
        }
        if (server.identity().domain() != null) {
            json.field("domain", server.identity().domain());
        }
        return json;
    }

    private static void account(JsonWriter json, JetStreamStats.OfAccount account, boolean streams) {
        json.object()
                .field("name", account.name())
                .field("id", account.name())
                .field("memory", account.memoryBytes())
                .field("storage", account.storageBytes())
                .object("api")
                .field("total", account.apiTotal())
                .field("errors", account.apiErrors())
                .end();
        if (streams) {
            json.array("stream_detail");
            account.streams().forEach(stream -> stream(json, stream));
            json.end();
        }
        json.end();
    }

    private static void stream(JsonWriter json, JetStreamStats.OfStream stream) {
        json.object()
                .field("name", stream.name())
                .field("created", Times.instant(stream.createdNs() / 1_000_000))
                .object("state")
                .field("messages", stream.state().messages())
                .field("bytes", stream.state().bytes())
                .field("first_seq", stream.state().firstSeq())
                .field("last_seq", stream.state().lastSeq())
                .field("num_subjects", stream.state().subjects())
                .field("consumer_count", stream.consumers())
                .end();
        if (!stream.consumerDetail().isEmpty()) {
            json.raw("consumer_detail", stream.consumerDetail());
        }
        json.end();
    }

    private static long sum(JetStreamStats stats, java.util.function.ToLongFunction<JetStreamStats.OfStream> of) {
        return stats.accounts().stream()
                .flatMap(account -> account.streams().stream())
                .mapToLong(of)
                .sum();
    }
}
