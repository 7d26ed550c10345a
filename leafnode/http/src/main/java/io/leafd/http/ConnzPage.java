package io.leafd.http;

import io.leafd.broker.net.ClientConnection;
import io.leafd.broker.net.ClientSnapshot;
import io.leafd.broker.net.ServerContext;
import io.leafd.protocol.json.JsonWriter;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** {@code /connz}: the clients. Parameters: {@code sort}, {@code offset}, {@code limit}, {@code cid}, {@code user}, {@code acc}. */
final class ConnzPage implements Page {
    private static final int LIMIT = 1024;
    private static final Map<String, Comparator<ClientSnapshot>> ORDERS = Map.ofEntries(
            Map.entry("cid", Comparator.comparingLong(ClientSnapshot::id)),
            Map.entry("start", Comparator.comparingLong(ClientSnapshot::startedAtMs)),
            Map.entry("subs", most(Comparator.comparingInt(ClientSnapshot::subscriptions))),
            Map.entry("pending", most(Comparator.comparingLong(ClientSnapshot::pendingBytes))),
            Map.entry("msgs_to", most(Comparator.comparingLong(ClientSnapshot::outMessages))),
            Map.entry("msgs_from", most(Comparator.comparingLong(ClientSnapshot::inMessages))),
            Map.entry("bytes_to", most(Comparator.comparingLong(ClientSnapshot::outBytes))),
            Map.entry("bytes_from", most(Comparator.comparingLong(ClientSnapshot::inBytes))),
            Map.entry("last", most(Comparator.comparingLong(ClientSnapshot::lastActivityMs))),
            Map.entry("idle", Comparator.comparingLong(ClientSnapshot::lastActivityMs)),
            Map.entry("uptime", Comparator.comparingLong(ClientSnapshot::startedAtMs)),
            Map.entry("rtt", most(Comparator.comparingLong(ClientSnapshot::rttNs))));

    private final ServerContext server;

    ConnzPage(ServerContext server) {
        this.server = server;
    }

    private static Comparator<ClientSnapshot> most(Comparator<ClientSnapshot> least) {
        return least.reversed();
    }

    @Override
    public Answer answer(Query query) {
        String sort = query.text("sort");
        Comparator<ClientSnapshot> order = ORDERS.get(sort == null ? "cid" : sort);
        if (order == null) {
            throw new BadQueryException("parameter \"sort\" is none of "
                    + ORDERS.keySet().stream().sorted().toList());
        }
        int offset = query.number("offset", 0);
        int limit = query.number("limit", LIMIT);
        long nowMs = System.currentTimeMillis();
        List<ClientSnapshot> all = server.clients().values().stream()
                .map(ClientConnection::snapshot)
                .filter(client -> isAskedFor(client, query))
                .sorted(order)
                .toList();
        List<ClientSnapshot> shown = all.stream().skip(offset).limit(limit).toList();
        JsonWriter json = new JsonWriter()
                .object()
                .field("server_id", server.identity().serverId())
                .field("now", Times.instant(nowMs))
                .field("num_connections", shown.size())
                .field("total", all.size())
                .field("offset", offset)
                .field("limit", limit)
                .array("connections");
        shown.forEach(client -> write(json, client, nowMs));
        return Answer.json(200, json.end().end().toString());
    }

    private static boolean isAskedFor(ClientSnapshot client, Query query) {
        String cid = query.text("cid");
        String user = query.text("user");
        String account = query.text("acc");
        return (cid == null || cid.equals(Long.toString(client.id())))
                && (user == null || user.equals(client.user()))
                && (account == null || account.equals(client.account()));
    }

    private static void write(JsonWriter json, ClientSnapshot client, long nowMs) {
        json.object()
                .field("cid", client.id())
                .field("kind", "Client")
                .field("type", "nats")
                .field("ip", client.host())
                .field("port", client.port())
                .field("start", Times.instant(client.startedAtMs()))
                .field("last_activity", Times.instant(client.lastActivityMs()))
                .field("rtt", Times.rtt(client.rttNs()))
                .field("uptime", Times.uptime(Duration.ofMillis(Math.max(0, nowMs - client.startedAtMs()))))
                .field("idle", Times.uptime(Duration.ofMillis(Math.max(0, nowMs - client.lastActivityMs()))))
                .field("pending_bytes", client.pendingBytes())
                .field("in_msgs", client.inMessages())
                .field("out_msgs", client.outMessages())
                .field("in_bytes", client.inBytes())
                .field("out_bytes", client.outBytes())
                .field("subscriptions", client.subscriptions());
        optional(json, "name", client.name());
        optional(json, "lang", client.lang());
        optional(json, "version", client.version());
        if (client.user() != null) {
            optional(json, "authorized_user", client.user());
        }
        if (client.account() != null) {
            json.field("account", client.account());
        }
        json.end();
    }

    private static void optional(JsonWriter json, String name, String value) {
        if (!value.isEmpty()) {
            json.field(name, value);
        }
    }
}
