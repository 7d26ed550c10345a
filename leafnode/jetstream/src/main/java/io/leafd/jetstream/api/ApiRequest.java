package io.leafd.jetstream.api;

import io.leafd.jetstream.json.InvalidJson;
import io.leafd.protocol.Message;
import io.leafd.protocol.Subject;
import io.leafd.protocol.json.JsonWriter;
import io.leafd.store.loop.StoreException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One request to the JetStream API and the way to answer it. Made on the requester's event loop, then owned by the store loop.
 *
 * <p>An answer leaves after the commit of the group it was given in, so {@code "success":true} means on disk. A request without
 * reply subject is done like any other and its answer dropped.
 */
public final class ApiRequest {
    private static final String TYPE_PREFIX = "io.nats.jetstream.api.v1.";
    private static final byte[] NO_HEADERS = new byte[0];

    private final List<String> tokens;
    private final Message message;
    private final ApiRoute route;
    private final AccountPort port;
    private final ApiCounters counters;

    /**
     * A request.
     *
     * @param tokens the subject's tokens behind {@code $JS.API.}
     */
    public ApiRequest(List<String> tokens, Message message, ApiRoute route, AccountPort port, ApiCounters counters) {
        this.tokens = tokens;
        this.message = message;
        this.route = route;
        this.port = port;
        this.counters = counters;
    }

    /** A token of the subject behind {@code $JS.API.}, from 0: in {@code STREAM.INFO.ORDERS} number 2 is the stream. */
    public String token(int number) {
        return tokens.get(number);
    }

    /** Number of tokens behind {@code $JS.API.}. */
    public int tokenCount() {
        return tokens.size();
    }

    /** The tokens from {@code number} on, joined by dots again. */
    public String tokensFrom(int number) {
        return String.join(".", tokens.subList(number, tokens.size()));
    }

    /** The message that asks. */
    public Message message() {
        return message;
    }

    /** Where the answer goes, or null. */
    public @Nullable Subject reply() {
        return message.reply();
    }

    /** The payload. */
    public byte[] body() {
        return message.payload();
    }

    /** Whether nothing was sent, or an object without fields. */
    public boolean bodyIsEmpty() {
        String text = new String(body(), StandardCharsets.UTF_8).strip();
        return text.isEmpty()
                || text.startsWith("{") && text.substring(1).strip().equals("}");
    }

    /** Whether the payload looks like JSON; requests whose body is optional ignore anything else. */
    public boolean bodyIsJson() {
        for (byte b : body()) {
            if (b != ' ' && b != '\t' && b != '\r' && b != '\n') {
                return b == '{' || b == '[';
            }
        }
        return false;
    }

    /** The beginning of a good answer, an open object with the field {@code type}. Give it to {@link #respond(JsonWriter)}. */
    public JsonWriter answer() {
        return new JsonWriter().object().field("type", TYPE_PREFIX + route.type());
    }

    /** Answers with the object that {@link #answer} opened. */
    public void respond(JsonWriter answer) {
        respond(NO_HEADERS, answer);
    }

    /** Answers with a header block and the object that {@link #answer} opened. */
    public void respond(byte[] headers, JsonWriter answer) {
        send(headers, answer.end().toBytes());
    }

    /** Answers with an error. */
    public void fail(JsError error, Object... values) {
        fail(error.with(values));
    }

    /** Answers with an error. */
    public void fail(Fault fault) {
        counters.countError();
        JsonWriter json = new JsonWriter().object().field("type", TYPE_PREFIX + route.type());
        fault.write(json);
        String text = json.end().toString();
        String whole = text.substring(0, text.length() - 1) + route.zeroFields() + "}";
        send(NO_HEADERS, whole.getBytes(StandardCharsets.UTF_8));
    }

    /** Sends a message as it is to the requester: the answer of requests that are not answered in JSON. */
    public void send(byte[] headers, byte[] payload) {
        Subject reply = message.reply();
        if (reply != null) {
            port.publish(Message.withHeaders(reply, null, headers, payload));
        }
    }

    /** Runs a handler, and answers what it throws. */
    public void run(ApiHandler handler) {
        try {
            handler.handle(this);
        } catch (ApiException e) {
            fail(e.fault());
        } catch (InvalidJson e) {
            fail(JsError.INVALID_JSON, String.valueOf(e.getMessage()));
        } catch (StoreException.Full e) {
            fail(JsError.INSUFFICIENT_RESOURCES);
        }
    }
}
