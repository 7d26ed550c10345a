package io.leafd.link;

import io.leafd.protocol.json.Json;
import io.leafd.protocol.json.JsonException;
import io.leafd.security.permission.Permissions;
import io.leafd.security.permission.SubjectRules;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What an upstream says of itself in INFO. Immutable, any thread. Source: observed on nats-server 2.15.2.
 *
 * @param serverName falls back on the server's id
 * @param cluster null if the upstream is not clustered
 * @param domain its JetStream domain, or null
 * @param clientId number of this connection there; 0 means that this is no leaf port
 * @param nonce the text to sign, null if none was sent
 * @param maxPayloadBytes largest message that it takes
 * @param headers whether it reads headers
 * @param tlsRequired whether TLS must begin now
 * @param infoOnConnect whether it answers CONNECT with another INFO
 * @param connectInfo whether this is that answer
 * @param remoteAccount the account there that we are bound to, in that answer
 * @param leafUrls host:port of the members of its cluster
 * @param permissions what its user may publish (export) and subscribe (import); null if this INFO does not say
 */
record LeafInfo(
        String serverName,
        String version,
        @Nullable String cluster,
        @Nullable String domain,
        boolean jetStream,
        long clientId,
        @Nullable String nonce,
        int maxPayloadBytes,
        boolean headers,
        boolean tlsRequired,
        boolean infoOnConnect,
        boolean connectInfo,
        @Nullable String remoteAccount,
        List<String> leafUrls,
        boolean leafPort,
        @Nullable Permissions permissions) {

    /**
     * Reads an INFO.
     *
     * @throws JsonException if it is no JSON object
     */
    static LeafInfo parse(byte[] buf, int offset, int length) {
        Map<String, @Nullable Object> json = Json.parseObject(buf, offset, length);
        String name = text(json, "server_name");
        boolean infoOnConnect = isTrue(json, "info_on_connect");
        return new LeafInfo(
                name != null ? name : Objects.requireNonNullElse(text(json, "server_id"), ""),
                Objects.requireNonNullElse(text(json, "version"), ""),
                text(json, "cluster"),
                text(json, "domain"),
                isTrue(json, "jetstream"),
                number(json, "client_id"),
                text(json, "nonce"),
                Math.clamp(number(json, "max_payload"), 0, Integer.MAX_VALUE),
                isTrue(json, "headers"),
                isTrue(json, "tls_required"),
                infoOnConnect,
                isTrue(json, "connect_info"),
                text(json, "remote_account"),
                texts(json.get("leafnode_urls")),
                infoOnConnect || json.containsKey("leafnode_urls"),
                permissions(json));
    }

    private static @Nullable Permissions permissions(Map<String, @Nullable Object> json) {
        if (!json.containsKey("import") && !json.containsKey("export")) {
            return null;
        }
        return Permissions.of(rules(json.get("export"), false), rules(json.get("import"), true), null);
    }

    private static SubjectRules rules(@Nullable Object value, boolean queues) {
        if (!(value instanceof Map<?, ?> map)) {
            return SubjectRules.NONE;
        }
        return new SubjectRules(usable(map.get("allow"), queues), usable(map.get("deny"), queues));
    }

    /** The entries that are subjects: one that is not can match nothing. */
    private static List<String> usable(@Nullable Object value, boolean queues) {
        return texts(value).stream()
                .filter(entry -> Permissions.isRule(entry, queues))
                .toList();
    }

    private static List<String> texts(@Nullable Object value) {
        if (!(value instanceof List<?> list)) {
            return List.of();
        }
        return list.stream()
                .filter(String.class::isInstance)
                .map(String.class::cast)
                .toList();
    }

    private static @Nullable String text(Map<String, @Nullable Object> json, String key) {
        return json.get(key) instanceof String text && !text.isEmpty() ? text : null;
    }

    private static long number(Map<String, @Nullable Object> json, String key) {
        return json.get(key) instanceof Long number ? number : 0;
    }

    private static boolean isTrue(Map<String, @Nullable Object> json, String key) {
        return Boolean.TRUE.equals(json.get(key));
    }
}
