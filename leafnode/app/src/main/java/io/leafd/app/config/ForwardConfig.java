package io.leafd.app.config;

import static io.leafd.app.config.schema.Key.optional;
import static io.leafd.app.config.schema.Key.required;
import static io.leafd.app.config.schema.Key.withDefault;

import io.leafd.app.config.schema.Key;
import io.leafd.app.config.schema.Kinds;
import io.leafd.app.config.schema.Section;
import io.leafd.app.config.schema.Table;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code [[upstream.NAME.forward]]}: store and forward up. Immutable.
 *
 * @param source   what is forwarded
 * @param into     the stream upstream that acknowledges; null publishes plain subjects
 * @param domain   JetStream domain of {@code into}; null for that of the upstream's own account
 * @param priority 0 lowest to 9
 */
public record ForwardConfig(
        String name,
        Source source,
        @Nullable String into,
        @Nullable String domain,
        int priority,
        Keep keep,
        Spool spool) {

    /** Where the messages come from. */
    public sealed interface Source {
        /** Messages published here on these subjects; they are kept in a spool of the forward's own. */
        record OfSubjects(List<String> subjects) implements Source {}

        /** The messages of a local stream. */
        record OfStream(String stream) implements Source {}
    }

    /** Which messages are kept until the upstream has them. */
    public enum Keep {
        ALL,
        /** Of each subject only the newest. */
        LATEST
    }

    /** What happens to a message that does not fit. */
    public enum WhenFull {
        DROP_OLDEST,
        /** The publisher gets an error. */
        REJECT
    }

    /**
     * How much is kept.
     *
     * @param maxAge null for ever
     */
    public record Spool(long maxBytes, @Nullable Duration maxAge, WhenFull whenFull) {}

    static final Key<String> NAME = required("name", NatsKinds.token(), "\"telemetry\"")
            .doc("Name of the forward, part of its message ids upstream: another name begins anew.");
    static final Key<List<String>> SUBJECTS = optional(
                    "subjects", NatsKinds.filters(1), "`stream` says what is forwarded", "[\"plant.telemetry.>\"]")
            .reload()
            .doc("Subjects whose messages are stored and forwarded. Either this or `stream`.");
    static final Key<String> STREAM = optional(
                    "stream", NatsKinds.stream(), "`subjects` say what is forwarded", "\"EVENTS\"")
            .doc("Local stream whose messages are forwarded. Either this or `subjects`.");
    static final Key<String> INTO = optional("into", NatsKinds.stream(), "plain subjects upstream", "\"TELEMETRY\"")
            .reload()
            .doc(
                    "Stream upstream that takes the messages. Each is done only when that stream has acknowledged it; without"
                            + " `into` a message is done when it is sent.");
    static final Key<String> DOMAIN = optional(
                    "domain", NatsKinds.token(), "the domain of the upstream's account", "\"hub\"")
            .reload()
            .doc("JetStream domain in which `into` is.");
    static final Key<Integer> PRIORITY = withDefault("priority", Kinds.count(0, 9), 5L)
            .reload()
            .doc("Who goes first on a thin link: 0 last, 9 first. Lower ones keep a small share.");
    static final Key<Keep> KEEP = withDefault("keep", Kinds.choice(Keep.class), "all")
            .reload()
            .doc("`all` forwards every message, `latest` of each subject only the newest that is not yet sent.");
    static final Key<Long> MAX_BYTES = withDefault("max_bytes", Kinds.size("1MiB", ""), "1GiB")
            .reload()
            .doc("Most bytes that wait for the upstream.");
    static final Key<Duration> MAX_AGE = optional("max_age", Kinds.duration("1s", ""), "for ever", "\"30d\"")
            .reload()
            .doc("How long a message waits for the upstream before it is dropped.");
    static final Key<WhenFull> WHEN_FULL = withDefault("when_full", Kinds.choice(WhenFull.class), "drop-oldest")
            .reload()
            .doc(
                    "At `max_bytes`: `drop-oldest` drops what has waited longest and counts it, `reject` gives the publisher an"
                            + " error.");

    static final Table TABLE = Table.of(
                    "Store and forward up: messages are kept here first and go to the upstream in order, once each, when the"
                            + " link is there.",
                    NAME,
                    SUBJECTS,
                    STREAM,
                    INTO,
                    DOMAIN,
                    PRIORITY,
                    KEEP,
                    MAX_BYTES,
                    MAX_AGE,
                    WHEN_FULL)
            .refusing(Map.of(
                    "subject", "the subjects are an array: subjects = [\"plant.telemetry.>\"]",
                    "to", "the stream upstream is called into"));

    static ForwardConfig of(Section forward) {
        List<String> subjects = forward.find(SUBJECTS);
        return new ForwardConfig(
                forward.get(NAME),
                subjects == null ? new Source.OfStream(forward.get(STREAM)) : new Source.OfSubjects(subjects),
                forward.find(INTO),
                forward.find(DOMAIN),
                forward.get(PRIORITY),
                forward.get(KEEP),
                new Spool(forward.get(MAX_BYTES), forward.find(MAX_AGE), forward.get(WHEN_FULL)));
    }
}
