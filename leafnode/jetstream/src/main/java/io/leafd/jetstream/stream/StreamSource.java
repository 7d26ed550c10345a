package io.leafd.jetstream.stream;

import io.leafd.jetstream.json.GoTime;
import io.leafd.jetstream.json.JsonField;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Another stream that this one copies, as its mirror or as one of its sources. Immutable.
 *
 * @param name name of the origin
 * @param startSeq first sequence wanted, 0 for no wish
 * @param startTime first time wanted, null for no wish
 * @param filter subjects wanted, empty for all
 * @param transforms further filters, each with what its subjects become
 * @param external how to reach an origin of another account or domain, null for one of this account
 * @param consumer a consumer that was made for this beforehand, or null
 */
public record StreamSource(
        String name,
        long startSeq,
        @Nullable Instant startTime,
        String filter,
        List<SubjectMapping> transforms,
        @Nullable External external,
        @Nullable Prepared consumer) {

    /**
     * Where an origin outside is.
     *
     * @param api prefix of its API in place of {@code $JS.API}
     * @param deliver prefix of delivery subjects, empty for the usual one
     */
    public record External(String api, String deliver) {}

    /** A consumer made beforehand and the subject that it delivers to. */
    public record Prepared(String name, String deliverSubject) {}

    static StreamSource read(List<JsonField> fields) {
        String name = "";
        long startSeq = 0;
        Instant startTime = null;
        String filter = "";
        List<SubjectMapping> transforms = new ArrayList<>();
        External external = null;
        Prepared consumer = null;
        for (JsonField field : fields) {
            switch (field.name()) {
                case "name" -> name = field.text();
                case "opt_start_seq" -> startSeq = field.sequence();
                case "opt_start_time" -> startTime = field.time();
                case "filter_subject" -> filter = field.text();
                case "subject_transforms" -> {
                    for (JsonField item : field.objects("[]server.SubjectTransformConfig")) {
                        transforms.add(SubjectMapping.read(item.object("SubjectTransformConfig")));
                    }
                }
                case "external" -> external = field.isNull() ? null : readExternal(field.object("ExternalStream"));
                case "consumer" ->
                    consumer = field.isNull() ? null : readPrepared(field.object("StreamConsumerSource"));
                default -> throw field.unknown();
            }
        }
        return new StreamSource(name, startSeq, startTime, filter, List.copyOf(transforms), external, consumer);
    }

    /** As {@link io.leafd.protocol.json.JsonWriter#tree} writes it. */
    Map<String, Object> tree() {
        var tree = new LinkedHashMap<String, Object>();
        tree.put("name", name);
        if (startSeq != 0) {
            tree.put("opt_start_seq", startSeq);
        }
        if (startTime != null) {
            tree.put("opt_start_time", GoTime.text(startTime));
        }
        tree.putAll(selection());
        if (consumer != null) {
            tree.put("consumer", pair("name", consumer.name(), "deliver_subject", consumer.deliverSubject()));
        }
        return tree;
    }

    /** The part that says which messages and from where, which a stream's info shows of its origins too. */
    public Map<String, Object> selection() {
        var tree = new LinkedHashMap<String, Object>();
        if (!filter.isEmpty()) {
            tree.put("filter_subject", filter);
        }
        if (!transforms.isEmpty()) {
            tree.put(
                    "subject_transforms",
                    transforms.stream().map(SubjectMapping::tree).toList());
        }
        if (external != null) {
            tree.put("external", pair("api", external.api(), "deliver", external.deliver()));
        }
        return tree;
    }

    private static Object pair(String name, String value, String otherName, String otherValue) {
        var tree = new LinkedHashMap<String, Object>();
        tree.put(name, value);
        tree.put(otherName, otherValue);
        return tree;
    }

    private static External readExternal(List<JsonField> fields) {
        String api = "";
        String deliver = "";
        for (JsonField field : fields) {
            switch (field.name()) {
                case "api" -> api = field.text();
                case "deliver" -> deliver = field.text();
                default -> throw field.unknown();
            }
        }
        return new External(api, deliver);
    }

    private static Prepared readPrepared(List<JsonField> fields) {
        String name = "";
        String deliverSubject = "";
        for (JsonField field : fields) {
            switch (field.name()) {
                case "name" -> name = field.text();
                case "deliver_subject" -> deliverSubject = field.text();
                default -> throw field.unknown();
            }
        }
        return new Prepared(name, deliverSubject);
    }
}
