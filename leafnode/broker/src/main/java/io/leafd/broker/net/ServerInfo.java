package io.leafd.broker.net;

import io.leafd.protocol.json.JsonWriter;
import org.jspecify.annotations.Nullable;

/** Writes the {@code INFO} lines that clients get. Pure. Field order as observed on nats-server 2.15.2. */
public final class ServerInfo {
    private ServerInfo() {}

    /** The first INFO of a connection. */
    static String first(ServerContext server, ClientPort port, long clientId, String clientIp, @Nullable String nonce) {
        JsonWriter json = begin(server, port, server.users().authRequired());
        json.field("client_id", clientId).field("client_ip", clientIp);
        if (nonce != null) {
            json.field("nonce", nonce);
        }
        return end(server, json);
    }

    /** The INFO behind the first PONG: which account the client is bound to. */
    static String connected(ServerContext server, ClientPort port, long clientId, String clientIp, Session session) {
        JsonWriter json = begin(server, port, server.users().authRequired());
        json.field("client_id", clientId).field("client_ip", clientIp);
        json.field("connect_info", true)
                .field("remote_account", session.account().name());
        return end(server, json);
    }

    /** The INFO that says the server is about to stop. */
    static String lameDuck(ServerContext server, ClientPort port, long clientId, String clientIp) {
        JsonWriter json = begin(server, port, server.users().authRequired());
        json.field("client_id", clientId).field("client_ip", clientIp).field("ldm", true);
        return end(server, json);
    }

    /** What every INFO begins with, that of a port for leaf nodes too: an object that is still open. */
    public static JsonWriter begin(ServerContext server, ClientPort port, boolean authRequired) {
        ServerIdentity identity = server.identity();
        JsonWriter json = new JsonWriter()
                .object()
                .field("server_id", identity.serverId())
                .field("server_name", identity.serverName())
                .field("version", identity.version())
                .field("proto", 1)
                .field("go", "java" + Runtime.version().feature())
                .field("host", port.host())
                .field("port", port.port())
                .field("headers", true);
        if (authRequired) {
            json.field("auth_required", true);
        }
        if (port.tls() != null) {
            json.field("tls_required", true);
            if (port.tls().clientCertificateRequired()) {
                json.field("tls_verify", true);
            }
        }
        json.field("max_payload", server.limits().payloadMaxBytes());
        if (identity.domain() != null) {
            json.field("jetstream", true);
        }
        return json;
    }

    private static String end(ServerContext server, JsonWriter json) {
        String domain = server.identity().domain();
        if (domain != null) {
            json.field("domain", domain);
        }
        return "INFO " + json.field("api_lvl", 5).end() + " \r\n";
    }
}
