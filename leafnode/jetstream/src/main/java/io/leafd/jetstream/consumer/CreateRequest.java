package io.leafd.jetstream.consumer;

import static io.leafd.jetstream.consumer.config.ConsumerConfig.*;

import io.leafd.jetstream.api.ApiRequest;
import io.leafd.jetstream.api.JsError;
import io.leafd.jetstream.consumer.config.ConsumerConfig;
import io.leafd.jetstream.json.InvalidJson;
import io.leafd.jetstream.json.JsonField;
import java.util.Map;

/**
 * A request to make or change a consumer, its four forms brought together. Immutable.
 *
 * <pre>
 * CONSUMER.CREATE.&lt;stream&gt;                       the name is the configuration's, or made up
 * CONSUMER.CREATE.&lt;stream&gt;.&lt;consumer&gt;            the name is the subject's
 * CONSUMER.CREATE.&lt;stream&gt;.&lt;consumer&gt;.&lt;filter&gt;   so is the filter; it must be the configuration's as well
 * CONSUMER.DURABLE.CREATE.&lt;stream&gt;.&lt;consumer&gt;    the name is the subject's and must be the durable name
 * </pre>
 *
 * @param config what is wanted, its name set
 * @param action what is permitted
 * @param pedantic whether corrections are errors
 */
record CreateRequest(String stream, ConsumerConfig config, Action action, boolean pedantic) {
    /** What may happen. */
    enum Action {
        /** Make it or change it. */
        CREATE_OR_UPDATE,
        /** Make it; it may exist if it is the same. */
        CREATE,
        /** Change it; it must exist. */
        UPDATE
    }

    private static final Map<String, Action> ACTIONS =
            Map.of("", Action.CREATE_OR_UPDATE, "create", Action.CREATE, "update", Action.UPDATE);
    private static final int STREAM = 2;

    /** How a request names its consumer: in the subject, or not, or as a durable only. */
    private enum Form {
        EPHEMERAL,
        NAMED,
        DURABLE
    }

    /**
     * Reads a request.
     *
     * @throws io.leafd.jetstream.api.ApiException if subject and body contradict each other
     * @throws InvalidJson if the body cannot be read
     */
    static CreateRequest of(ApiRequest request) {
        String stream = "";
        ConsumerConfig config = ConsumerConfig.empty();
        Action action = Action.CREATE_OR_UPDATE;
        boolean pedantic = false;
        for (JsonField field : JsonField.fields(request.body(), "CreateConsumerRequest")) {
            switch (field.name()) {
                case "stream_name" -> stream = field.text();
                case "config" -> config = ConsumerConfig.of(field.object("ConsumerConfig"));
                case "action" -> action = field.oneOf(ACTIONS, sent -> "unknown consumer action: " + sent);
                case "pedantic" -> pedantic = field.flag();
                default -> throw field.unknown();
            }
        }
        return new CreateRequest(stream, config, action, pedantic).named(request);
    }

    private CreateRequest named(ApiRequest request) {
        boolean durableForm = request.token(1).equals("DURABLE");
        int streamAt = durableForm ? STREAM + 1 : STREAM;
        int nameAt = streamAt + 1;
        Form form = durableForm ? Form.DURABLE : request.tokenCount() > nameAt ? Form.NAMED : Form.EPHEMERAL;
        String name = form == Form.EPHEMERAL ? config.get(NAME) : request.token(nameAt);
        String filter = form == Form.NAMED && request.tokenCount() > nameAt + 1 ? request.tokensFrom(nameAt + 1) : "";
        if (!request.token(streamAt).equals(stream)) {
            throw JsError.STREAM_MISMATCH.refuse();
        }
        if (name.contains("/") || name.contains("\\")) {
            throw JsError.CONSUMER_NAME_CONTAINS_PATH_SEPARATORS.refuse();
        }
        checkDurable(form, name);
        if (!filter.isEmpty() && !config.get(FILTERS).isEmpty()) {
            throw JsError.CONSUMER_MULTIPLE_FILTERS_NOT_ALLOWED.refuse();
        }
        if (!filter.isEmpty() && !filter.equals(config.get(FILTER))) {
            throw JsError.CONSUMER_CREATE_FILTER_SUBJECT_MISMATCH.refuse();
        }
        return new CreateRequest(stream, config.with(NAME, name), action, pedantic);
    }

    private void checkDurable(Form form, String name) {
        String durable = config.get(DURABLE);
        switch (form) {
            case EPHEMERAL -> {
                if (!durable.isEmpty()) {
                    throw JsError.CONSUMER_EPHEMERAL_WITH_DURABLE_NAME.refuse();
                }
            }
            case NAMED -> {
                if (!durable.isEmpty() && !durable.equals(name)) {
                    throw JsError.CONSUMER_DURABLE_NAME_NOT_MATCH_SUBJECT.refuse();
                }
            }
            case DURABLE -> {
                if (durable.isEmpty()) {
                    throw JsError.CONSUMER_DURABLE_NAME_NOT_SET.refuse();
                }
                if (!durable.equals(name)) {
                    throw JsError.CONSUMER_DURABLE_NAME_NOT_MATCH_SUBJECT.refuse();
                }
            }
        }
    }

    /** The same for another configuration. */
    CreateRequest with(ConsumerConfig other) {
        return new CreateRequest(stream, other, action, pedantic);
    }
}
