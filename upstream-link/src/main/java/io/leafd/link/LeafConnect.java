package io.leafd.link;

import io.leafd.protocol.Subjects;
import io.leafd.protocol.json.JsonException;
import io.leafd.protocol.json.JsonFields;
import io.leafd.protocol.json.JsonWriter;
import io.leafd.security.login.Claim;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the dialling side of a leaf connection says of itself in CONNECT. Immutable, any thread. Source: observed on
 * nats-server 2.15.2.
 *
 * @param version a NATS version, not leafd's own
 * @param serverId public nkey of the dialling server
 * @param name unique name of the dialling server
 * @param cluster its cluster; a standalone server says its name
 * @param remoteAccount the account on the dialling side
 * @param domain its JetStream domain, empty for none
 * @param hub whether the dialling side claims to be the hub
 * @param isolate whether it does not want to hear of other leafs' interest
 * @param headers whether it reads headers
 * @param deniedExports filters of what the accepting side must not send it
 * @param lang set by clients, who are at the wrong port
 * @param gateway set by gateways, who are at the wrong port
 * @param jwt user JWT of creds, or null
 */
record LeafConnect(
        String version,
        String serverId,
        String name,
        String cluster,
        String remoteAccount,
        String domain,
        boolean jetStream,
        boolean hub,
        boolean isolate,
        boolean headers,
        List<String> deniedExports,
        String lang,
        String gateway,
        Claim claim,
        @Nullable String jwt) {

    /**
     * Reads a CONNECT.
     *
     * @throws JsonException if it is no JSON object or a key has a value of the wrong type
     */
    static LeafConnect parse(byte[] buf, int offset, int length) {
        JsonFields json = JsonFields.parse(buf, offset, length);
        var claim = new Claim(
                json.textOrNull("user"),
                json.textOrNull("pass"),
                json.textOrNull("auth_token"),
                json.textOrNull("nkey"),
                json.textOrNull("sig"));
        return new LeafConnect(
                json.text("version"),
                json.text("server_id"),
                json.text("name"),
                json.text("cluster"),
                json.text("remote_account"),
                json.text("domain"),
                json.fact("jetstream", false),
                json.fact("is_hub", false),
                json.fact("isolate", false),
                json.fact("headers", false),
                json.texts("deny_pub").stream().filter(Subjects::isValidFilter).toList(),
                json.text("lang"),
                json.text("gateway"),
                claim,
                json.textOrNull("jwt"));
    }

    /** The JSON of a CONNECT; compression is always declined. */
    String toJson() {
        JsonWriter json = new JsonWriter().object().field("version", version);
        optional(json, "jwt", jwt);
        optional(json, "nkey", claim.nkey());
        optional(json, "sig", claim.signature());
        optional(json, "user", claim.user());
        optional(json, "pass", claim.password());
        optional(json, "auth_token", claim.token());
        json.field("server_id", serverId);
        optional(json, "domain", domain);
        json.field("name", name).field("cluster", cluster).field("headers", headers);
        if (hub) {
            json.field("is_hub", true);
        }
        if (jetStream) {
            json.field("jetstream", true);
        }
        if (isolate) {
            json.field("isolate", true);
        }
        if (!deniedExports.isEmpty()) {
            json.tree("deny_pub", deniedExports);
        }
        return json.field("compress_mode", "off")
                .field("remote_account", remoteAccount)
                .field("protocol", 1)
                .end()
                .toString();
    }

    private static void optional(JsonWriter json, String key, @Nullable String value) {
        if (value != null && !value.isEmpty()) {
            json.field(key, value);
        }
    }
}
