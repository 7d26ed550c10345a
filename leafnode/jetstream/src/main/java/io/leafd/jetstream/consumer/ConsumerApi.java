package io.leafd.jetstream.consumer;

import static io.leafd.jetstream.consumer.config.ConsumerConfig.*;

import io.leafd.jetstream.api.ApiRequest;
import io.leafd.jetstream.api.ApiRoute;
import io.leafd.jetstream.api.ApiRoutes;
import io.leafd.jetstream.api.JsError;
import io.leafd.jetstream.api.NameHash;
import io.leafd.jetstream.consumer.config.AckPolicy;
import io.leafd.jetstream.consumer.config.ConsumerConfig;
import io.leafd.jetstream.consumer.config.ConsumerRules;
import io.leafd.jetstream.json.GoTime;
import io.leafd.jetstream.json.InvalidJson;
import io.leafd.jetstream.json.JsonField;
import io.leafd.jetstream.stream.Retention;
import io.leafd.jetstream.stream.Stream;
import io.leafd.jetstream.stream.Streams;
import io.leafd.protocol.Headers;
import io.leafd.protocol.Message;
import io.leafd.protocol.json.JsonWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The requests below {@code $JS.API.CONSUMER}. On the store loop. */
final class ConsumerApi {
    private static final int NAMES_MAX = 1024;
    private static final int LIST_MAX = 256;
    private static final String PAGE = ",\"total\":0,\"offset\":0,\"limit\":0,\"consumers\":[]";
    private static final String IDENTITY = "Nats-Stream-Identity";
    private static final int STREAM = 2;
    private static final int CONSUMER = 3;
    private static final byte[] NO_HEADERS = new byte[0];

    private final Streams streams;
    private final AccountConsumers consumers;

    ConsumerApi(Streams streams, AccountConsumers consumers) {
        this.streams = streams;
        this.consumers = consumers;
    }

    /** Adds the requests that it answers. */
    void addTo(ApiRoutes routes) {
        routes.add(new ApiRoute("CONSUMER.CREATE.>", "consumer_create_response", this::create))
                .add(new ApiRoute("CONSUMER.DURABLE.CREATE.*.*", "consumer_create_response", this::create))
                .add(new ApiRoute("CONSUMER.NAMES.*", "consumer_names_response", PAGE, this::names))
                .add(new ApiRoute("CONSUMER.LIST.*", "consumer_list_response", PAGE, this::list))
                .add(new ApiRoute("CONSUMER.INFO.*.*", "consumer_info_response", this::info))
                .add(new ApiRoute("CONSUMER.DELETE.*.*", "consumer_delete_response", this::delete))
                .add(new ApiRoute("CONSUMER.PAUSE.*.*", "consumer_pause_response", this::pause))
                .add(new ApiRoute("CONSUMER.RESET.*.*", "consumer_reset_response", this::reset))
                .add(new ApiRoute("CONSUMER.UNPIN.*.*", "consumer_unpin_response", this::unpin));
    }

    private void create(ApiRequest request) {
        CreateRequest sent = CreateRequest.of(request);
        Stream stream = streams.get(sent.stream());
        Consumers siblings = consumers.of(stream);
        ConsumerConfig config = forOrigin(sent.config(), stream);
        byte[] headers = NO_HEADERS;
        if (config.is(DIRECT) || config.is(SOURCING)) {
            headers = identified(request, stream);
        }
        Consumer existing = siblings.find(config.durable() ? config.get(DURABLE) : config.get(NAME));
        if (existing != null) {
            config = withWhatStays(config, existing.config());
        }
        Consumer consumer = siblings.create(config, sent.action(), sent.pedantic());
        if (existing != null && config.is(SOURCING)) {
            consumer.reset(0); // the mirror starts over behind what it acknowledged
        }
        JsonWriter answer = request.answer();
        new ConsumerInfo(consumer).write(answer);
        respond(request, consumer, headers, answer);
        if (consumer.isPaused()) {
            consumer.announcePause();
        }
    }

    /**
     * What becomes of the consumer that a mirror or source asks for. On a stream that keeps everything it is a hidden one under a
     * name of its own, since the requester uses the same name each time; otherwise a durable one that is acknowledged by flow
     * control, since the stream must not let go of what the mirror does not have.
     */
    private static ConsumerConfig forOrigin(ConsumerConfig config, Stream stream) {
        if (!config.is(DIRECT) || !config.is(SOURCING) || config.get(NAME).isEmpty()) {
            return config;
        }
        if (stream.config().retention() == Retention.LIMITS) {
            return config.with(NAME, config.get(NAME) + "-" + AccountConsumers.suffix(stream.scope()));
        }
        return config.with(DIRECT, false)
                .with(DURABLE, config.get(NAME))
                .with(ACK_POLICY, AckPolicy.FLOW_CONTROL)
                .with(ACK_WAIT, 0L)
                .with(MAX_DELIVER, 0L)
                .with(INACTIVE_THRESHOLD, 0L);
    }

    /** The header that tells which incarnation of the stream answers; refuses a requester that knows another one. */
    private static byte[] identified(ApiRequest request, Stream stream) {
        String identity = NameHash.of(GoTime.text(stream.createdNs()));
        String known = request.message().header(IDENTITY);
        if (known != null && !known.isEmpty() && !known.equals(identity)) {
            throw JsError.CONSUMER_STREAM_IDENTITY_MISMATCH.refuse(identity);
        }
        return Headers.with(NO_HEADERS, IDENTITY, identity);
    }

    private static ConsumerConfig withWhatStays(ConsumerConfig wanted, ConsumerConfig present) {
        ConsumerConfig config = wanted.with(PAUSE_UNTIL, present.get(PAUSE_UNTIL));
        return config.is(SOURCING) && config.durable()
                ? config.with(DELIVER_POLICY, present.get(DELIVER_POLICY))
                        .with(START_SEQ, present.get(START_SEQ))
                        .with(START_TIME, present.get(START_TIME))
                : config;
    }

    private void names(ApiRequest request) {
        List<Consumer> all = consumers.of(streams.get(request.token(STREAM))).listed();
        int offset = offset(request, all.size());
        JsonWriter answer = page(request, all.size(), offset, NAMES_MAX).array("consumers");
        all.stream().skip(offset).limit(NAMES_MAX).forEach(consumer -> answer.value(consumer.name()));
        request.respond(answer.end());
    }

    private void list(ApiRequest request) {
        List<Consumer> all = consumers.of(streams.get(request.token(STREAM))).listed();
        int offset = offset(request, all.size());
        JsonWriter answer = page(request, all.size(), offset, LIST_MAX).array("consumers");
        all.stream().skip(offset).limit(LIST_MAX).forEach(consumer -> {
            answer.object();
            new ConsumerInfo(consumer).writeListed(answer);
            answer.end();
        });
        request.respond(answer.end());
    }

    private static int offset(ApiRequest request, int total) {
        long offset = 0;
        if (request.bodyIsJson()) {
            for (JsonField field : JsonField.fields(request.body(), "JSApiConsumersRequest")) {
                switch (field.name()) {
                    case "offset" -> offset = field.number();
                    default -> throw field.unknown();
                }
            }
        }
        return Math.clamp(offset, 0, total);
    }

    private static JsonWriter page(ApiRequest request, int total, int offset, int limit) {
        return request.answer().field("total", total).field("offset", offset).field("limit", limit);
    }

    private void info(ApiRequest request) {
        requireEmpty(request);
        JsonWriter answer = request.answer();
        Consumer consumer = find(request);
        new ConsumerInfo(consumer).write(answer);
        respond(request, consumer, NO_HEADERS, answer);
    }

    /**
     * Answers the way the consumer's messages go: clients compare the count of pending messages with what they have got, so it must
     * not overtake what it counts as delivered.
     */
    private static void respond(ApiRequest request, Consumer consumer, byte[] headers, JsonWriter answer) {
        if (request.reply() != null) {
            consumer.engine()
                    .answer(Message.withHeaders(
                            request.reply(), null, headers, answer.end().toBytes()));
        }
    }

    private void delete(ApiRequest request) {
        requireEmpty(request);
        Consumer consumer = find(request);
        consumers.of(consumer.stream()).delete(consumer);
        request.respond(request.answer().field("success", true));
    }

    private void pause(ApiRequest request) {
        Instant until = null;
        if (request.bodyIsJson()) {
            for (JsonField field : JsonField.fields(request.body(), "JSApiConsumerPauseRequest")) {
                switch (field.name()) {
                    case "pause_until" -> until = field.time();
                    default -> throw field.unknown();
                }
            }
        }
        if (until != null && GoTime.text(until).equals(GoTime.NONE)) {
            until = null;
        }
        Consumer consumer = find(request);
        consumer.pause(until);
        respondPause(request, consumer, until);
    }

    private static void respondPause(ApiRequest request, Consumer consumer, @Nullable Instant until) {
        Instant now = consumer.stream().scope().clock().instant();
        boolean paused = until != null && now.isBefore(until);
        JsonWriter answer = request.answer()
                .field("paused", paused)
                .field("pause_until", until == null ? GoTime.NONE : GoTime.text(until));
        if (until != null && paused) {
            answer.field("pause_remaining", Duration.between(now, until).toNanos());
        }
        request.respond(answer);
    }

    private void reset(ApiRequest request) {
        Stream stream = streams.find(request.token(STREAM));
        Consumer consumer = stream == null ? null : consumers.of(stream).find(request.token(CONSUMER));
        if (stream == null || consumer == null) {
            return; // nats-server is silent here
        }
        long seq = 0;
        for (JsonField field : JsonField.fields(request.body(), "JSApiConsumerResetRequest")) {
            if (field.name().equals("seq")) {
                seq = field.sequence();
            }
        }
        long next = consumer.reset(seq);
        JsonWriter answer = request.answer();
        new ConsumerInfo(consumer).write(answer);
        answer.field("reset_seq", next);
        boolean asksIdentity = request.message().header(IDENTITY) != null;
        request.respond(
                asksIdentity
                        ? Headers.with(NO_HEADERS, IDENTITY, NameHash.of(GoTime.text(stream.createdNs())))
                        : NO_HEADERS,
                answer);
    }

    private void unpin(ApiRequest request) {
        if (request.body().length == 0) {
            throw new InvalidJson("unexpected end of JSON input");
        }
        String group = "";
        for (JsonField field : JsonField.fields(request.body(), "JSApiConsumerUnpinRequest")) {
            if (field.name().equals("group")) {
                group = field.text();
            }
        }
        if (group.isEmpty()) {
            throw new InvalidJson("consumer group not specified");
        }
        if (!ConsumerRules.isGroup(group)) {
            throw JsError.CONSUMER_INVALID_GROUP_NAME.refuse();
        }
        Consumer consumer = find(request);
        if (!consumer.config().get(PRIORITY_GROUPS).contains(group)) {
            throw JsError.CONSUMER_INVALID_PRIORITY_GROUP.refuse();
        }
        consumer.unpin(group);
        request.respond(request.answer());
    }

    private Consumer find(ApiRequest request) {
        return consumers.of(streams.get(request.token(STREAM))).get(request.token(CONSUMER));
    }

    private static void requireEmpty(ApiRequest request) {
        if (!request.bodyIsEmpty()) {
            throw JsError.NOT_EMPTY_REQUEST.refuse();
        }
    }
}
