package io.leafd.app.config;

import static io.leafd.app.config.schema.Key.optional;
import static io.leafd.app.config.schema.Key.required;

import io.leafd.app.config.schema.Key;
import io.leafd.app.config.schema.Kinds;
import io.leafd.app.config.schema.Section;
import io.leafd.app.config.schema.Table;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code [[upstream.NAME.mirror]]}: a stream of the upstream, copied into a local one that only leafd writes. Immutable.
 *
 * @param stream   name upstream
 * @param as       name here
 * @param domain   JetStream domain of the stream
 * @param filter   of its subjects; null for all
 * @param maxBytes null has no bound of its own
 * @param maxAge   null for ever
 */
public record MirrorConfig(
        String stream,
        String as,
        String domain,
        @Nullable String filter,
        @Nullable Long maxBytes,
        @Nullable Duration maxAge) {

    static final Key<String> STREAM =
            required("stream", NatsKinds.stream(), "\"RECIPES\"").doc("Stream of the upstream that is copied.");
    static final Key<String> AS =
            optional("as", NatsKinds.stream(), "the same name", "\"RECIPES\"").doc("Name of the local copy.");
    static final Key<String> DOMAIN = required("domain", NatsKinds.token(), "\"hub\"")
            .doc("JetStream domain in which the stream is: that of the upstream's servers.");
    static final Key<String> FILTER = optional("filter", NatsKinds.filter(), "all subjects", "\"recipes.press-7.>\"")
            .doc("Copies only messages of these subjects.");
    static final Key<Long> MAX_BYTES = optional("max_bytes", Kinds.size("1MiB", ""), "no bound of its own", "\"1GiB\"")
            .reload()
            .doc("Most bytes of the copy; the oldest messages go first.");
    static final Key<Duration> MAX_AGE = optional("max_age", Kinds.duration("1s", ""), "for ever", "\"30d\"")
            .reload()
            .doc("Age at which the copy drops a message.");

    static final Table TABLE = Table.of(
                    "Store and forward down: a local, read-only copy of a stream of the upstream, which local clients use"
                            + " whether or not the link is there.",
                    STREAM,
                    AS,
                    DOMAIN,
                    FILTER,
                    MAX_BYTES,
                    MAX_AGE)
            .refusing(Map.of("name", "the stream upstream is called stream, and its local name as"));

    static MirrorConfig of(Section mirror) {
        return new MirrorConfig(
                mirror.get(STREAM),
                localName(mirror),
                mirror.get(DOMAIN),
                mirror.find(FILTER),
                mirror.find(MAX_BYTES),
                mirror.find(MAX_AGE));
    }

    private static String localName(Section mirror) {
        String as = mirror.find(AS);
        return as == null ? mirror.get(STREAM) : as;
    }
}
