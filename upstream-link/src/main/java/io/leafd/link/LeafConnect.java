package io.leafd.link;

import io.leafd.protocol.Subjects;
import io.leafd.protocol.json.Json;
import io.leafd.protocol.json.JsonException;
import io.leafd.protocol.json.JsonWriter;
import io.leafd.security.login.Claim;
import java.util.List;
import java.util.Map;
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
        Map<String, @Nullable Object> json = Json.parseObject(buf, offset, length);
        var claim = new Claim(
                textOrNull(json, "user"),
                textOrNull(json, "pass"),
                textOrNull(json, "auth_token"),
                textOrNull(json, "nkey"),
                textOrNull(json, "sig"));
        return new LeafConnect(
                text(json, "version"),
                text(json, "server_id"),
                text(json, "name"),
                text(json, "cluster"),
                text(json, "remote_account"),
                text(json, "domain"),
                fact(json, "jetstream"),
                fact(json, "is_hub"),
                fact(json, "isolate"),
                fact(json, "headers"),
                texts(json.get("deny_pub")).stream()
                        .filter(Subjects::isValidFilter)
                        .toList(),
                text(json, "lang"),
                text(json, "gateway"),
                claim,
                textOrNull(json, "jwt"));
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

    private static String text(Map<String, @Nullable Object> json, String key) {
        String text = textOrNull(json, key);
        return text == null ? "" : text;
    }

    private static @Nullable String textOrNull(Map<String, @Nullable Object> json, String key) {
        Object value = json.get(key);
        return switch (value) {
            case null -> null;
            case String text -> text;
            default -> throw new JsonException("\"" + key + "\" is not a text");
        };
    }

    private static boolean fact(Map<String, @Nullable Object> json, String key) {
        Object value = json.get(key);
        return switch (value) {
            case null -> false;
            case Boolean fact -> fact;
            default -> throw new JsonException("\"" + key + "\" is not true or false");
        };
    }

    private static List<String> texts(@Nullable Object value) {
        return switch (value) {
            case null -> List.of();
            case List<?> list
            when list.stream().allMatch(String.class::isInstance) ->
                list.stream().map(String.class::cast).toList();
            default -> throw new JsonException("\"deny_pub\" is not a list of texts");
        };
    }
}
