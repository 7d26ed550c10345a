package io.leafd.jetstream;

import io.leafd.broker.interest.Delivery;
import io.leafd.jetstream.api.AccountScope;
import io.leafd.jetstream.api.ApiCounters;
import io.leafd.jetstream.api.ApiHandler;
import io.leafd.jetstream.api.ApiRequest;
import io.leafd.jetstream.api.ApiRoute;
import io.leafd.jetstream.api.ApiRoutes;
import io.leafd.jetstream.api.JsError;
import io.leafd.jetstream.stream.IntakeGate;
import io.leafd.protocol.Headers;
import io.leafd.protocol.Message;
import io.leafd.protocol.Subject;
import io.leafd.store.loop.StoreException;
import io.leafd.store.loop.Work;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Where requests to the API of one account come in: recognises them on the publisher's event loop and hands them to the store
 * loop. Any thread.
 *
 * <p>Three kinds of subject behind {@code $JS.API.}: routes, which exist always; endpoints ({@code DIRECT.GET}, {@code
 * CONSUMER.MSG.NEXT}), which exist with their stream or consumer and otherwise are not taken, so that the requester sees 503; and
 * everything else, which is taken and never answered, as by nats-server. The same is reached as {@code $JS.<domain>.API.}, where
 * {@code $KV.>} and {@code $OBJ.>} behind it stand for those subjects themselves.
 *
 * <p>Bounds: {@value #WAITING_MAX} routed requests wait at most, more are dropped; endpoints share the inbox of the store loop.
 */
final class ApiIngress {
    private static final String PREFIX = "$JS.API.";
    private static final String DIRECT_GET = "DIRECT.GET.";
    private static final String NEXT_MESSAGE = "CONSUMER.MSG.NEXT.";
    private static final int DIRECT_GET_TOKENS = 3;
    private static final String REQUIRED_LEVEL = "Nats-Required-Api-Level";
    private static final int WAITING_MAX = 10_000;
    private static final int OVERHEAD_BYTES = 256;
    private static final byte[] NOTHING = new byte[0];

    private final AccountScope scope;
    private final IntakeGate gate;
    private final ApiRoutes routes;
    private final ApiCounters counters;
    private final AtomicInteger waiting = new AtomicInteger();
    private final List<Runnable> subscriptions = new ArrayList<>();

    ApiIngress(AccountScope scope, IntakeGate gate, ApiRoutes routes, ApiCounters counters) {
        this.scope = scope;
        this.gate = gate;
        this.routes = routes;
        this.counters = counters;
    }

    /** Begins to take requests. */
    void open() {
        subscriptions.add(scope.port().subscribe(PREFIX + ">", delivery -> onRequest(delivery, PREFIX)));
        String domain = scope.domain();
        if (domain == null) {
            return;
        }
        String prefix = "$JS." + domain + ".API.";
        for (String kind : List.of("INFO", "STREAM.>", "CONSUMER.>", "DIRECT.>", "META.>", "SERVER.>", "ACCOUNT.>")) {
            subscriptions.add(scope.port().subscribe(prefix + kind, delivery -> onRequest(delivery, prefix)));
        }
        for (String bucket : List.of("$KV.>", "$OBJ.>")) {
            subscriptions.add(scope.port().subscribe(prefix + bucket, delivery -> onMapped(delivery, prefix)));
        }
    }

    /** Takes no more requests. */
    void close() {
        subscriptions.forEach(Runnable::run);
        subscriptions.clear();
    }

    private boolean onRequest(Delivery delivery, String prefix) {
        Message message = delivery.message().toMessage();
        String name = message.subject().toString().substring(prefix.length());
        List<String> tokens = List.of(name.split("\\.", -1));
        if (name.startsWith(DIRECT_GET)) {
            String key = String.join(".", tokens.subList(0, Math.min(DIRECT_GET_TOKENS, tokens.size())));
            return toEndpoint(key, tokens, message, delivery);
        }
        if (name.startsWith(NEXT_MESSAGE)) {
            return toEndpoint(name, tokens, message, delivery);
        }
        ApiRoute route = routes.find(tokens);
        if (route != null) {
            if (waiting.incrementAndGet() > WAITING_MAX) {
                waiting.decrementAndGet();
            } else {
                scope.store().loop().control(new Routed(request(tokens, message, route), route));
            }
        }
        return true;
    }

    private boolean toEndpoint(String key, List<String> tokens, Message message, Delivery delivery) {
        ApiHandler handler = scope.endpoints().find(key);
        if (handler == null) {
            return false;
        }
        ApiRequest request = request(tokens, message, new ApiRoute(key, handler));
        if (!gate.offer(new ToEndpoint(request, handler), message.body().length + OVERHEAD_BYTES, delivery.origin())) {
            Subject reply = message.reply();
            if (reply != null) {
                byte[] tooMany = Headers.status(429, "Too Many Requests");
                scope.port().publishNow(Message.withHeaders(reply, null, tooMany, NOTHING));
            }
        }
        return true;
    }

    /** Publishes what was sent to a bucket by way of the domain under the bucket's own subject. */
    private boolean onMapped(Delivery delivery, String prefix) {
        Message message = delivery.message().toMessage();
        Subject own = Subject.of(message.subject().toString().substring(prefix.length()));
        if (!scope.port().hasInterest(own)) {
            return false;
        }
        scope.port().publishNow(message.withSubject(own));
        return true;
    }

    private ApiRequest request(List<String> tokens, Message message, ApiRoute route) {
        return new ApiRequest(tokens, message, route, scope.port(), counters);
    }

    /** Whether the requester can live with the level of API that is served here. */
    private static boolean levelSuffices(Message message) {
        String required = message.header(REQUIRED_LEVEL);
        if (required == null || required.isEmpty()) {
            return true;
        }
        try {
            return Integer.parseInt(required) <= AccountScope.API_LEVEL;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    private final class Routed implements Work {
        private final ApiRequest request;
        private final ApiRoute route;

        Routed(ApiRequest request, ApiRoute route) {
            this.request = request;
            this.route = route;
        }

        @Override
        public void run() {
            waiting.decrementAndGet();
            counters.countRequest();
            if (levelSuffices(request.message())) {
                request.run(route.handler());
            } else {
                request.fail(JsError.REQUIRED_API_LEVEL);
            }
        }

        @Override
        public void failed(StoreException cause) {
            request.fail(JsError.STREAM_STORE_FAILED, "store not available");
        }
    }

    private record ToEndpoint(ApiRequest request, ApiHandler handler) implements Work {
        @Override
        public void run() {
            if (levelSuffices(request.message())) {
                handler.handle(request);
            } else {
                request.send(Headers.status(412, "Required Api Level"), NOTHING);
            }
        }
    }
}
