package io.leafd.http;

import io.leafd.broker.net.ServerContext;
import io.leafd.protocol.json.JsonWriter;
import java.util.List;

/** {@code /leafz}: the leaf connections, out and in. Parameter: {@code acc}. */
final class LeafzPage implements Page {
    private final ServerContext server;
    private final Sources sources;

    LeafzPage(ServerContext server, Sources sources) {
        this.server = server;
        this.sources = sources;
    }

    @Override
    public Answer answer(Query query) {
        String account = query.text("acc");
        List<Sources.Leaf> leafs = sources.leafs().stream()
                .filter(leaf -> account == null || account.equals(leaf.account()))
                .toList();
        JsonWriter json = new JsonWriter()
                .object()
                .field("server_id", server.identity().serverId())
                .field("now", Times.instant(System.currentTimeMillis()))
                .field("leafnodes", leafs.size())
                .array("leafs");
        for (Sources.Leaf leaf : leafs) {
            json.object()
                    .field("id", leaf.id())
                    .field("name", leaf.name())
                    .field("is_spoke", leaf.spoke())
                    .field("account", leaf.account())
                    .field("ip", leaf.ip())
                    .field("port", leaf.port())
                    .field("rtt", Times.rtt(leaf.rttNs()))
                    .field("in_msgs", leaf.inMessages())
                    .field("out_msgs", leaf.outMessages())
                    .field("in_bytes", leaf.inBytes())
                    .field("out_bytes", leaf.outBytes())
                    .field("subscriptions", leaf.subscriptions())
                    .field("compression", "off")
                    .end();
        }
        return Answer.json(200, json.end().end().toString());
    }
}
