package io.leafd.jetstream.mirror;

import io.leafd.jetstream.api.AccountScope;
import io.leafd.jetstream.api.Nuid;
import io.leafd.jetstream.stream.IntakeGate;
import io.leafd.jetstream.stream.StreamSource;
import io.leafd.protocol.Headers;
import io.leafd.protocol.Message;
import io.leafd.protocol.Subject;
import io.leafd.protocol.json.Json;
import io.leafd.protocol.json.JsonException;
import io.leafd.protocol.json.JsonWriter;
import io.leafd.store.loop.LoopTimer;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies one origin into one stream. Owned by the store loop.
 *
 * <pre>
 *            start / retry                 consumer made                 gap, stall, link up
 *   waiting ───────────────▶ asking ───────────────────────▶ copying ─────────────────────────▶ waiting
 *      ▲                       │ refused, no answer in {@value #ANSWER_MAX_SECONDS} s
 *      └───────────────────────┘ wait longer with each failure
 * </pre>
 *
 * The origin makes a consumer that pushes to a deliver subject of ours. We listen there only once it has told the consumer's name,
 * because it holds back until somebody listens, and whatever names another consumer is of a former attempt and ignored.
 *
 * <p>Invariants: (1) a message is stored only if it is the next delivery of the current consumer; any gap starts anew behind what
 * is stored. (2) A flow control request is answered only after the commit of everything before it. (3) At most one request is in
 * flight; when a link comes up the one in flight is given up, since its answer may be lost with the old connection. This, and the
 * heartbeat once a second, is why copying goes on within two seconds of a link's return.
 */
final class Copying {
    private static final Logger LOG = LoggerFactory.getLogger(Copying.class);
    private static final int ANSWER_MAX_SECONDS = 5;
    private static final int SILENCE_MAX_SECONDS = 5;
    private static final int WAIT_STEP_SECONDS = 2;
    private static final int WAIT_MAX_SECONDS = 30;
    private static final int NAME_LENGTH = 8;
    private static final int API_LEVEL_TOO_LOW = 10185;
    private static final int UNKNOWN_FIELD = 10025;
    private static final int OTHER_IDENTITY = 10225;

    private final OriginRequest request;
    private final CopyTarget target;
    private final AccountScope scope;
    private final IntakeGate gate;
    private final boolean remote;
    private @Nullable Runnable unsubscribe; // ends the subscription there is, null if there is none
    private @Nullable LoopTimer timer;
    private @Nullable String consumer; // null unless copying
    private long attempt; // tells answers and deliveries of former attempts apart
    private boolean old;
    private boolean stopped;
    private int failures;
    private long deliverySeq;
    private long originSeq;
    private long pending;
    private long heardNs;
    private boolean heardOnce;
    private @Nullable String errorJson;

    Copying(OriginRequest request, CopyTarget target, AccountScope scope, IntakeGate gate) {
        this.request = request;
        this.target = target;
        this.scope = scope;
        this.gate = gate;
        this.remote = request.source().external() != null;
    }

    StreamSource source() {
        return request.source();
    }

    /** Begins. */
    void start() {
        ask();
    }

    /** Ends for good. */
    void stop() {
        stopped = true;
        leave();
    }

    /** A link came up: an origin that may be behind it is asked at once. */
    void onLinkUp() {
        if (remote && !stopped) {
            failures = 0;
            leave();
            ask();
        }
    }

    /** Begins anew behind what is stored. */
    void restart() {
        if (!stopped) {
            leave();
            ask();
        }
    }

    /** Writes {@code name}, {@code lag}, {@code active} and so on as an object. */
    void writeInfo(JsonWriter json) {
        json.object().field("name", source().name());
        source().selection().forEach(json::tree);
        long active = heardOnce ? scope.store().loop().nanoTime() - heardNs : -1;
        json.field("lag", pending).field("active", active);
        if (errorJson != null) {
            json.raw("error", errorJson);
        }
        json.end();
    }

    private void ask() {
        attempt++;
        long mine = attempt;
        Subject reply = Subject.of("$JSC.R." + Nuid.next(scope.random(), NAME_LENGTH));
        Subject deliver = request.deliverSubject(Nuid.next(scope.random(), NAME_LENGTH));
        unsubscribe = scope.port().subscribe(reply.toString(), delivery -> {
            Message answer = delivery.message().toMessage();
            scope.store().loop().control(() -> answered(mine, deliver, answer));
            return true;
        });
        Message question = request.message(
                scope, reply, deliver, target.start(), target.identity(), old, Nuid.next(scope.random(), NAME_LENGTH));
        scope.port().publish(question);
        after(
                ANSWER_MAX_SECONDS,
                () -> failed("no answer from the origin's API in " + ANSWER_MAX_SECONDS + " s", null));
    }

    private void answered(long ofAttempt, Subject deliver, Message answer) {
        if (ofAttempt != attempt || stopped || consumer != null) {
            return;
        }
        if (answer.payloadLength() == 0) {
            failed("nobody serves the origin's API", null);
            return;
        }
        try {
            Map<String, @Nullable Object> json = Json.parseObject(answer.payload());
            if (json.get("error") instanceof Map<?, ?> error) {
                refused(error);
            } else if (json.get("name") instanceof String name) {
                copy(ofAttempt, deliver, name, json, answer.header("Nats-Stream-Identity"));
            } else {
                failed("the origin's answer has no consumer name", null);
            }
        } catch (JsonException e) {
            failed("the origin's answer is not understood: " + e.getMessage(), null);
        }
    }

    private void refused(Map<?, ?> error) {
        String json = new JsonWriter().tree(error).toString();
        long code = error.get("err_code") instanceof Long number ? number : 0;
        if ((code == API_LEVEL_TOO_LOW || code == UNKNOWN_FIELD) && !old) {
            old = true;
            restart();
        } else if (code == OTHER_IDENTITY) {
            LOG.warn(
                    "origin was deleted and made anew, copying from its start stream={} origin={}",
                    request.stream(),
                    source().name());
            target.onNewIdentity(String.valueOf(error.get("description")));
            restart();
        } else {
            failed(String.valueOf(error.get("description")), json);
        }
    }

    private void copy(
            long ofAttempt,
            Subject deliver,
            String name,
            Map<String, @Nullable Object> json,
            @Nullable String identity) {
        long skipped = json.get("delivered") instanceof Map<?, ?> delivered
                        && delivered.get("stream_seq") instanceof Long number
                ? number
                : 0;
        if (target.start().seq() == 0) { // with a start of our own the origin repeats it, and there is nothing to skip
            target.onConsumer(identity == null ? "" : identity, skipped);
        } else {
            target.onConsumer(identity == null ? "" : identity, 0);
        }
        pending = json.get("num_pending") instanceof Long number ? number : 0;
        consumer = name;
        deliverySeq = 0;
        originSeq = 0;
        failures = 0;
        errorJson = null;
        heard();
        unsubscribe();
        unsubscribe = scope.port().subscribe(deliver.toString(), delivery -> {
            Message message = delivery.message().toMessage();
            gate.offer(() -> delivered(ofAttempt, message), message.body().length, delivery.origin());
            return true; // what finds the inbox full is a gap, and copied again
        });
        LOG.info("copying a stream stream={} origin={} pending={}", request.stream(), source().name(), pending);
        after(1, this::watch);
    }

    private void delivered(long ofAttempt, Message message) {
        if (ofAttempt != attempt || stopped) {
            return;
        }
        switch (OriginFrame.of(message)) {
            case OriginFrame.Data data -> data(data);
            case OriginFrame.FlowControl(Subject reply) -> {
                heard();
                byte[] headers = Headers.with(
                        new byte[0],
                        "Nats-Last-Consumer",
                        Long.toString(deliverySeq),
                        "Nats-Last-Stream",
                        Long.toString(originSeq));
                scope.port().publish(Message.withHeaders(reply, null, headers, new byte[0]));
            }
            case OriginFrame.Heartbeat heartbeat -> heartbeat(heartbeat);
            case OriginFrame.Strange() -> LOG.debug("ignored a strange frame stream={}", request.stream());
        }
    }

    private void data(OriginFrame.Data data) {
        if (!data.consumer().equals(consumer) || data.deliveries() > 1) {
            return;
        }
        if (data.deliverySeq() != deliverySeq + 1) {
            LOG.info("gap in deliveries, starting anew stream={} origin={}", request.stream(), source().name());
            restart();
            return;
        }
        String refusal = target.store(data);
        if (refusal != null) {
            failed(refusal, null);
            return;
        }
        heard();
        deliverySeq = data.deliverySeq();
        originSeq = data.originSeq();
        pending = data.pending();
    }

    private void heartbeat(OriginFrame.Heartbeat heartbeat) {
        heard();
        if (heartbeat.deliverySeq() >= 0 && heartbeat.deliverySeq() != deliverySeq) {
            LOG.info("missed deliveries, starting anew stream={} origin={}", request.stream(), source().name());
            restart();
        } else if (heartbeat.stalled() != null) {
            scope.port().publish(Message.empty(heartbeat.stalled()));
        }
    }

    private void watch() {
        long silentNs = scope.store().loop().nanoTime() - heardNs;
        if (silentNs > TimeUnit.SECONDS.toNanos(SILENCE_MAX_SECONDS)) {
            failed("the origin has been silent for " + SILENCE_MAX_SECONDS + " s", null);
        } else {
            after(1, this::watch);
        }
    }

    private void failed(String why, @Nullable String json) {
        failures++;
        int waitSeconds = Math.min(WAIT_MAX_SECONDS, WAIT_STEP_SECONDS * failures);
        if (failures == 1) {
            LOG.warn(
                    "can't copy a stream, trying again stream={} origin={} cause=\"{}\"",
                    request.stream(),
                    source().name(),
                    why);
        }
        errorJson = json != null
                ? json
                : new JsonWriter()
                        .object()
                        .field("code", 503)
                        .field("description", why)
                        .end()
                        .toString();
        leave();
        after(waitSeconds, this::ask);
    }

    private void leave() {
        unsubscribe();
        consumer = null;
        attempt++;
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }

    private void unsubscribe() {
        if (unsubscribe != null) {
            unsubscribe.run();
            unsubscribe = null;
        }
    }

    private void after(int seconds, Runnable action) {
        if (timer != null) {
            timer.cancel();
        }
        timer = scope.store().loop().schedule(TimeUnit.SECONDS.toNanos(seconds), action::run);
    }

    private void heard() {
        heardNs = scope.store().loop().nanoTime();
        heardOnce = true;
    }
}
