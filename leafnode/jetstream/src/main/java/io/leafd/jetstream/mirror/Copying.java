package io.leafd.jetstream.mirror;

import io.leafd.jetstream.api.AccountScope;
import io.leafd.jetstream.api.JsError;
import io.leafd.jetstream.api.Nuid;
import io.leafd.jetstream.stream.IntakeGate;
import io.leafd.jetstream.stream.StreamSource;
import io.leafd.protocol.Headers;
import io.leafd.protocol.Message;
import io.leafd.protocol.Subject;
import io.leafd.protocol.Subjects;
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
 *            start / retry                 consumer made               gap, silence, link lost
 *   waiting ───────────────▶ asking ───────────────────────▶ copying ─────────────────────────▶ waiting
 *      ▲                       │ refused, no answer in {@value #ANSWER_MAX_SECONDS} s
 *      └───────────────────────┘ wait longer with each failure; not at all once the origin can be reached again
 * </pre>
 *
 * The origin makes a consumer that pushes to a deliver subject of ours. We listen there only once it has told the consumer's name,
 * because it holds back until somebody listens, and whatever names another consumer is of a former attempt and ignored.
 *
 * <p>Invariants:
 *
 * <ol>
 *   <li>A message is stored only if it is the next delivery of the current consumer; any gap starts anew behind what is stored.
 *   <li>A flow control request is answered only after the commit of everything before it.
 *   <li>At most one request is in flight. One whose link is lost is given up at once, since its answer would go to the old link.
 *   <li>What a former attempt still delivers has no effect: each attempt has a number, and its handlers compare it.
 * </ol>
 *
 * <p>Whether an origin outside can be reached is seen from the account's interest in its API: it goes with the link and comes back
 * with it. Asking only after a fixed time was rejected: nats-server does so, and takes up to 40 s after an outage.
 */
final class Copying {
    private static final Logger LOG = LoggerFactory.getLogger(Copying.class);
    private static final int ANSWER_MAX_SECONDS = 5;
    private static final int SILENCE_MAX_SECONDS = 5;
    private static final int WAIT_STEP_SECONDS = 2;
    private static final int WAIT_MAX_SECONDS = 30;
    private static final int NAME_LENGTH = 8;
    private static final int OVERHEAD_BYTES = 256;

    private final OriginRequest request;
    private final CopyTarget target;
    private final AccountScope scope;
    private final IntakeGate gate;
    private final CopyProgress progress;
    private @Nullable Runnable unsubscribe; // ends the subscription there is, null if there is none
    private @Nullable LoopTimer timer;
    private @Nullable String consumer; // null unless copying
    private long attempt;
    private boolean old; // the origin knows no sourcing consumers
    private boolean stopped;
    private int failures;
    private long deliverySeq;
    private long originSeq;

    Copying(OriginRequest request, CopyTarget target, AccountScope scope, IntakeGate gate) {
        this.request = request;
        this.target = target;
        this.scope = scope;
        this.gate = gate;
        this.progress = new CopyProgress(request.source());
    }

    StreamSource source() {
        return request.source();
    }

    /** Begins, or begins anew behind what is stored. */
    void start() {
        leave();
        if (!stopped) {
            ask();
        }
    }

    /** Ends for good. */
    void stop() {
        stopped = true;
        leave();
    }

    /** Somebody outside began or ceased to listen to {@code filter}, which may be the origin's API. */
    void onInterest(String filter, boolean added) {
        if (stopped || source().external() == null || !Subjects.matches(filter, request.plainSubject())) {
            return;
        }
        if (!added) {
            failed("the link to the origin is down", null);
        }
        if (consumer == null && scope.port().hasInterest(Subject.of(request.plainSubject()))) {
            failures = 0;
            old = false; // it may have been upgraded
            start();
        }
    }

    /** Writes what the stream's info shows of this origin. */
    void writeInfo(JsonWriter json) {
        progress.write(json, target.copied(), nowNs());
    }

    private void ask() {
        long mine = ++attempt;
        Subject reply = Subject.of("$JSC.R." + name());
        Subject deliver = request.deliverSubject(name());
        OriginRequest.Start from = target.start();
        unsubscribe = scope.port().subscribe(reply.toString(), delivery -> {
            Message answer = delivery.message().toMessage();
            scope.store().loop().control(() -> answered(mine, deliver, from, answer));
            return true;
        });
        scope.port().publish(request.message(scope, reply, deliver, from, target.identity(), old, name()));
        after(
                ANSWER_MAX_SECONDS,
                () -> failed("no answer from the origin's API in " + ANSWER_MAX_SECONDS + " s", null));
    }

    private void answered(long ofAttempt, Subject deliver, OriginRequest.Start from, Message answer) {
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
                begin(name, json, answer.header("Nats-Stream-Identity"));
                LOG.info(
                        "copying a stream stream={} origin={} as={} from={}",
                        request.stream(),
                        source().name(),
                        request.kind(),
                        from);
                listen(deliver);
            } else {
                failed("the origin's answer has no consumer name", null);
            }
        } catch (JsonException e) {
            failed("the origin's answer is not understood: " + e.getMessage(), null);
        }
    }

    private void refused(Map<?, ?> error) {
        long code = error.get("err_code") instanceof Long number ? number : 0;
        String why = String.valueOf(error.get("description"));
        if (!old && (code == JsError.REQUIRED_API_LEVEL.errCode() || code == JsError.INVALID_JSON.errCode())) {
            old = true;
            start();
        } else if (code == JsError.CONSUMER_STREAM_IDENTITY_MISMATCH.errCode()) {
            LOG.warn(
                    "origin was deleted and made anew, copying from its start stream={} origin={}",
                    request.stream(),
                    source().name());
            target.onNewIdentity(why.substring(why.lastIndexOf(' ') + 1)); // the text ends with it
            start();
        } else {
            failed(why, new JsonWriter().tree(error).toString());
        }
    }

    private void begin(String name, Map<String, @Nullable Object> json, @Nullable String identity) {
        long skipped = json.get("delivered") instanceof Map<?, ?> delivered
                        && delivered.get("stream_seq") instanceof Long number
                ? number
                : 0;
        target.onConsumer(identity == null ? "" : identity, skipped);
        consumer = name;
        deliverySeq = 0;
        originSeq = 0;
        failures = 0;
        progress.pending(json.get("num_pending") instanceof Long number ? number : 0);
        progress.cleared();
        progress.heard(nowNs());
    }

    private void listen(Subject deliver) {
        long mine = attempt;
        unsubscribe();
        unsubscribe = scope.port().subscribe(deliver.toString(), delivery -> {
            Message message = delivery.message().toMessage();
            int bytes = message.body().length + message.subject().length() + OVERHEAD_BYTES;
            gate.offer(() -> delivered(mine, message), bytes, delivery.origin());
            return true; // what finds the inbox full is a gap, and copied again
        });
        after(1, this::watch);
    }

    private void delivered(long ofAttempt, Message message) {
        if (ofAttempt == attempt && !stopped) {
            switch (OriginFrame.of(message)) {
                case OriginFrame.Data data -> data(data);
                case OriginFrame.FlowControl(Subject reply) -> answerFlowControl(reply);
                case OriginFrame.Heartbeat heartbeat -> heartbeat(heartbeat);
                case OriginFrame.Strange() -> LOG.debug("ignored a strange frame stream={}", request.stream());
            }
        }
        gate.relieve();
    }

    private void data(OriginFrame.Data data) {
        if (!data.consumer().equals(consumer) || data.deliveries() > 1) {
            return;
        }
        if (data.deliverySeq() != deliverySeq + 1) {
            LOG.info("gap in deliveries, starting anew stream={} origin={}", request.stream(), source().name());
            start();
            return;
        }
        String refusal = target.store(data);
        if (refusal != null) {
            failed(refusal, null);
            return;
        }
        progress.heard(nowNs());
        progress.pending(data.pending());
        deliverySeq = data.deliverySeq();
        originSeq = data.originSeq();
    }

    private void answerFlowControl(Subject reply) {
        progress.heard(nowNs());
        byte[] headers = Headers.with(
                new byte[0],
                "Nats-Last-Consumer",
                Long.toString(deliverySeq),
                "Nats-Last-Stream",
                Long.toString(originSeq));
        scope.port().publish(Message.withHeaders(reply, null, headers, new byte[0]));
    }

    private void heartbeat(OriginFrame.Heartbeat heartbeat) {
        progress.heard(nowNs());
        if (heartbeat.deliverySeq() >= 0 && heartbeat.deliverySeq() != deliverySeq) {
            LOG.info("missed deliveries, starting anew stream={} origin={}", request.stream(), source().name());
            start();
        } else if (heartbeat.stalled() != null) {
            answerFlowControl(heartbeat.stalled());
        } else if (heartbeat.deliverySeq() >= 0 && !progress.isPending()) {
            target.onIdle();
        }
    }

    private void watch() {
        if (progress.silentNs(nowNs()) > TimeUnit.SECONDS.toNanos(SILENCE_MAX_SECONDS)) {
            failed("the origin has been silent for " + SILENCE_MAX_SECONDS + " s", null);
        } else {
            after(1, this::watch);
        }
    }

    private void failed(String why, @Nullable String json) {
        failures++;
        if (failures == 1) {
            LOG.warn(
                    "can't copy a stream, trying again stream={} origin={} as={} cause=\"{}\"",
                    request.stream(),
                    source().name(),
                    request.kind(),
                    why);
        }
        progress.failed(why, json);
        leave();
        after(Math.min(WAIT_MAX_SECONDS, WAIT_STEP_SECONDS * failures), this::ask);
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

    private String name() {
        return Nuid.next(scope.random(), NAME_LENGTH);
    }

    private long nowNs() {
        return scope.store().loop().nanoTime();
    }
}
