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
 * {@code [[streams]]}: a stream that is made at start, or updated to this. Immutable.
 *
 * @param duplicateWindow already lowered to the maximum age where that is shorter and the file does not say it
 */
public record DeclaredStream(
        String name,
        String account,
        List<String> subjects,
        String description,
        Limits limits,
        Duration duplicateWindow,
        Switches switches) {

    /** When a message may go. */
    public enum Retention {
        LIMITS,
        INTEREST,
        WORKQUEUE
    }

    /** Which message goes at a limit. */
    public enum Discard {
        OLD,
        NEW
    }

    /** What is kept; null has no limit. */
    public record Limits(
            Retention retention,
            Discard discard,
            @Nullable Long maxBytes,
            @Nullable Integer maxMsgs,
            @Nullable Integer maxMsgsPerSubject,
            @Nullable Duration maxAge,
            @Nullable Long maxMsgSizeBytes) {}

    public record Switches(boolean allowDirect, boolean allowRollup, boolean denyDelete, boolean denyPurge) {}

    static final Key<String> NAME =
            required("name", NatsKinds.stream(), "\"EVENTS\"").doc("Name of the stream.");
    static final Key<List<String>> SUBJECTS = required("subjects", NatsKinds.filters(1), "[\"plant.events.>\"]")
            .reload()
            .doc("Subjects that the stream keeps. Two streams of one account cannot keep the same subject.");
    static final Key<String> ACCOUNT = optional("account", NatsKinds.account(), "the only account", "\"PLANT\"")
            .doc("Account to which the stream belongs.");
    static final Key<String> DESCRIPTION =
            withDefault("description", NatsKinds.line(), "").reload().doc("What the stream is for.");
    static final Key<Retention> RETENTION = withDefault("retention", Kinds.choice(Retention.class), "limits")
            .doc(
                    "`limits` keeps up to the limits, `interest` until every consumer has acknowledged, `workqueue` until one"
                            + " has.");
    static final Key<Discard> DISCARD = withDefault("discard", Kinds.choice(Discard.class), "old")
            .reload()
            .doc("At a limit: `old` drops the oldest messages, `new` refuses new ones.");
    static final Key<Long> MAX_BYTES = optional(
                    "max_bytes", Kinds.size("1KiB", ""), "bounded by the store only", "\"2GiB\"")
            .reload()
            .doc("Most bytes of the stream.");
    static final Key<Integer> MAX_MSGS = optional("max_msgs", Kinds.count(1, Integer.MAX_VALUE), "no limit", "1000000")
            .reload()
            .doc("Most messages.");
    static final Key<Integer> MAX_MSGS_PER_SUBJECT = optional(
                    "max_msgs_per_subject", Kinds.count(1, Integer.MAX_VALUE), "no limit", "1000")
            .reload()
            .doc("Most messages of each subject.");
    static final Key<Duration> MAX_AGE = optional("max_age", Kinds.duration("100ms", ""), "for ever", "\"30d\"")
            .reload()
            .doc("Age at which a message goes.");
    static final Key<Long> MAX_MSG_SIZE = optional(
                    "max_msg_size", Kinds.size("1B", "64MiB"), "`server.max_payload`", "\"256KiB\"")
            .reload()
            .doc("Largest message.");
    static final Key<Duration> DUPLICATE_WINDOW = withDefault("duplicate_window", Kinds.duration("100ms", ""), "2m")
            .reload()
            .doc("How long a `Nats-Msg-Id` is remembered. At most `max_age`, which also lowers the default.");
    static final Key<Boolean> ALLOW_DIRECT =
            withDefault("allow_direct", Kinds.fact(), true).reload().doc("Answers direct get requests.");
    static final Key<Boolean> ALLOW_ROLLUP = withDefault("allow_rollup", Kinds.fact(), false)
            .reload()
            .doc("Lets a message with `Nats-Rollup` replace those before it.");
    static final Key<Boolean> DENY_DELETE =
            withDefault("deny_delete", Kinds.fact(), false).doc("Refuses to delete single messages.");
    static final Key<Boolean> DENY_PURGE =
            withDefault("deny_purge", Kinds.fact(), false).doc("Refuses to purge the stream.");

    static final Table TABLE = Table.of(
                    "A stream that is made at start, or updated to what stands here. Streams that clients make are not"
                            + " touched.",
                    NAME,
                    SUBJECTS,
                    ACCOUNT,
                    DESCRIPTION,
                    RETENTION,
                    DISCARD,
                    MAX_BYTES,
                    MAX_MSGS,
                    MAX_MSGS_PER_SUBJECT,
                    MAX_AGE,
                    MAX_MSG_SIZE,
                    DUPLICATE_WINDOW,
                    ALLOW_DIRECT,
                    ALLOW_ROLLUP,
                    DENY_DELETE,
                    DENY_PURGE)
            .refusing(Map.of(
                    "subject", "the subjects are an array: subjects = [\"plant.events.>\"]",
                    "replicas", "leafd is one server; streams have no replicas",
                    "num_replicas", "leafd is one server; streams have no replicas",
                    "storage", "every declared stream is stored on disk"));

    static DeclaredStream of(Section stream, String onlyAccount) {
        String account = stream.find(ACCOUNT);
        Duration maxAge = stream.find(MAX_AGE);
        Duration window = stream.get(DUPLICATE_WINDOW);
        return new DeclaredStream(
                stream.get(NAME),
                account == null ? onlyAccount : account,
                stream.get(SUBJECTS),
                stream.get(DESCRIPTION),
                new Limits(
                        stream.get(RETENTION),
                        stream.get(DISCARD),
                        stream.find(MAX_BYTES),
                        stream.find(MAX_MSGS),
                        stream.find(MAX_MSGS_PER_SUBJECT),
                        maxAge,
                        stream.find(MAX_MSG_SIZE)),
                maxAge != null && maxAge.compareTo(window) < 0 ? maxAge : window,
                new Switches(
                        stream.get(ALLOW_DIRECT),
                        stream.get(ALLOW_ROLLUP),
                        stream.get(DENY_DELETE),
                        stream.get(DENY_PURGE)));
    }
}
