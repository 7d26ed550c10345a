package io.leafd.jetstream.mirror;

import io.leafd.jetstream.api.AccountScope;
import io.leafd.jetstream.api.NameHash;
import io.leafd.jetstream.json.GoTime;
import io.leafd.jetstream.stream.StreamSource;
import io.leafd.protocol.Headers;
import io.leafd.protocol.Message;
import io.leafd.protocol.Subject;
import io.leafd.protocol.json.JsonWriter;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The request for a consumer at the origin. Pure. Bytes as nats-server 2.15 sends them, and, for an older origin that knows no
 * {@code sourcing} consumers, as its predecessors did.
 *
 * @param kind mirror, source, or refill of a mirror
 * @param stream the stream that copies
 * @param source what it copies
 */
record OriginRequest(Kind kind, String stream, StreamSource source) {
    private static final long ACK_WAIT_NS = 79_200_000_000_000L;
    private static final long HEARTBEAT_NS = 1_000_000_000L;
    private static final long INACTIVE_NS = 10_000_000_000L;

    /**
     * The ways to copy. A refill asks as servers did that knew no {@code sourcing} consumers, because those are one for each copy, and
     * the mirror itself has it.
     */
    enum Kind {
        MIRROR("JS_MIRROR_", "M", "mirror", "4"),
        SOURCE("JS_SRC_", "S", "src", "5"),
        REFILL("JS_REFILL_", "M", "mirror", "4");

        final String namePrefix;
        final String deliverToken;
        final String metadataWord;
        final String apiLevel;

        Kind(String namePrefix, String deliverToken, String metadataWord, String apiLevel) {
            this.namePrefix = namePrefix;
            this.deliverToken = deliverToken;
            this.metadataWord = metadataWord;
            this.apiLevel = apiLevel;
        }
    }

    /** Where to begin. */
    record Start(long seq, @Nullable Instant time) {
        /** With the first message. */
        static final Start ALL = new Start(0, null);
    }

    /** Subject of the request without a filter: whether somebody listens there tells whether the origin can be reached. */
    String plainSubject() {
        StreamSource.External external = source.external();
        String api = external == null || external.api().isEmpty() ? "$JS.API" : external.api();
        return api + ".CONSUMER.CREATE." + source.name();
    }

    /** A new subject for deliveries. */
    Subject deliverSubject(String random) {
        StreamSource.External external = source.external();
        String prefix = external == null || external.deliver().isEmpty() ? "$JS" : external.deliver();
        return Subject.of(prefix + "." + kind.deliverToken + "." + random);
    }

    /**
     * The request.
     *
     * @param identity the origin's identity as last told, empty if it was not
     * @param old whether the origin is older than {@code sourcing} consumers
     */
    Message message(
            AccountScope scope,
            Subject reply,
            Subject deliver,
            Start start,
            String identity,
            boolean old,
            String random) {
        boolean plain = old || kind == Kind.REFILL;
        String name = kind.namePrefix + hash(scope) + (plain ? "_" + random : "");
        String filter = onlyFilter();
        String subject = plainSubject() + (filter.isEmpty() ? "" : "." + name + "." + filter);
        byte[] headers = plain ? new byte[0] : headers(identity);
        return Message.withHeaders(Subject.of(subject), reply, headers, body(scope, name, deliver, start, plain));
    }

    /** What selects messages if it is one filter, else empty. */
    private String onlyFilter() {
        return source.transforms().size() == 1 ? source.transforms().getFirst().source() : source.filter();
    }

    private byte[] headers(String identity) {
        return kind == Kind.MIRROR
                ? Headers.with(new byte[0], "Nats-Required-Api-Level", kind.apiLevel)
                : Headers.with(new byte[0], "Nats-Required-Api-Level", kind.apiLevel, "Nats-Stream-Identity", identity);
    }

    private byte[] body(AccountScope scope, String name, Subject deliver, Start start, boolean plain) {
        JsonWriter json = new JsonWriter()
                .object()
                .field("stream_name", source.name())
                .object("config")
                .field("name", name);
        if (start.seq() > 0) {
            json.field("deliver_policy", "by_start_sequence").field("opt_start_seq", start.seq());
        } else if (start.time() != null) {
            json.field("deliver_policy", "by_start_time").field("opt_start_time", GoTime.text(start.time()));
        } else {
            json.field("deliver_policy", "all");
        }
        json.field("ack_policy", "none").field("ack_wait", ACK_WAIT_NS).field("max_deliver", 1);
        if (!onlyFilter().isEmpty()) {
            json.field("filter_subject", onlyFilter());
        } else if (source.transforms().size() > 1) {
            json.array("filter_subjects");
            source.transforms().forEach(mapping -> json.value(mapping.source()));
            json.end();
        }
        json.field("replay_policy", "instant")
                .field("flow_control", true)
                .field("deliver_subject", deliver.toString())
                .field("idle_heartbeat", HEARTBEAT_NS)
                .field("inactive_threshold", INACTIVE_NS)
                .field("num_replicas", 0)
                .field("direct", true);
        if (!plain) {
            json.field("sourcing", true)
                    .object("metadata")
                    .field("_nats." + kind.metadataWord + ".acc", scope.account());
            if (scope.domain() != null) {
                json.field("_nats." + kind.metadataWord + ".domain", scope.domain());
            }
            json.field("_nats." + kind.metadataWord + ".stream", stream).end();
        }
        return json.end().field("action", "").end().toBytes();
    }

    /** Tells apart who copies: stream, account, domain, and which of several sources. */
    private String hash(AccountScope scope) {
        String who = stream + " " + scope.account() + (scope.domain() == null ? "" : " " + scope.domain());
        String hash = NameHash.of(who);
        return kind != Kind.SOURCE ? hash : NameHash.of(hash + " " + source.name() + " " + source.selection());
    }
}
