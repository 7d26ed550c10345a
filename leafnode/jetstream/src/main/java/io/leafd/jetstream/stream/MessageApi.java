package io.leafd.jetstream.stream;

import io.leafd.jetstream.api.ApiRequest;
import io.leafd.jetstream.api.ApiRoute;
import io.leafd.jetstream.api.ApiRoutes;
import io.leafd.jetstream.api.JsError;
import io.leafd.jetstream.json.GoTime;
import io.leafd.jetstream.json.JsonField;
import io.leafd.protocol.json.JsonWriter;
import io.leafd.store.log.StoredMessage;
import java.util.Arrays;
import java.util.Base64;

/** The requests that read or delete one stored message: {@code $JS.API.STREAM.MSG.GET} and {@code DELETE}. On the store loop. */
public final class MessageApi {
    private static final int STREAM = 3;

    private final Streams streams;

    public MessageApi(Streams streams) {
        this.streams = streams;
    }

    /** Adds the requests that it answers. */
    public void addTo(ApiRoutes routes) {
        routes.add(new ApiRoute("STREAM.MSG.GET.*", "stream_msg_get_response", this::get))
                .add(new ApiRoute("STREAM.MSG.DELETE.*", "stream_msg_delete_response", this::delete));
    }

    private void get(ApiRequest request) {
        MessageQuery query = MessageQuery.read(JsonField.fields(request.body(), "JSApiMsgGetRequest"), true);
        MessageQuery.Page page = query.page();
        if (page.batch() > 0
                || page.maxBytes() > 0
                || !query.multiLast().isEmpty()
                || query.isEmpty()
                || query.isContradictory()) {
            throw JsError.BAD_REQUEST.refuse();
        }
        Stream stream = streams.get(request.token(STREAM));
        if (!(DirectGet.find(stream.log(), query) instanceof StoredMessage message)) {
            throw JsError.NO_MESSAGE_FOUND.refuse();
        }
        JsonWriter answer = request.answer()
                .object("message")
                .field("subject", message.subject().toString())
                .field("seq", message.seq());
        if (message.headerBytes() > 0 && !query.noHeaders()) {
            answer.field("hdrs", base64(message, 0, message.headerBytes()));
        }
        if (message.payloadBytes() > 0) {
            answer.field("data", base64(message, message.headerBytes(), message.body().length));
        }
        request.respond(answer.field("time", GoTime.text(message.timestampNs())).end());
    }

    private static String base64(StoredMessage message, int from, int to) {
        return Base64.getEncoder().encodeToString(Arrays.copyOfRange(message.body(), from, to));
    }

    private void delete(ApiRequest request) {
        if (request.bodyIsEmpty()) {
            throw JsError.BAD_REQUEST.refuse();
        }
        long seq = 0;
        for (JsonField field : JsonField.fields(request.body(), "JSApiMsgDeleteRequest")) {
            switch (field.name()) {
                case "seq" -> seq = field.sequence();
                case "no_erase" -> field.flag(); // what is deleted is gone with the next compaction either way
                default -> throw field.unknown();
            }
        }
        Stream stream = streams.get(request.token(STREAM));
        stream.requireFree(JsError.STREAM_MSG_DELETE_FAILED);
        if (stream.config().is(StreamField.SEALED)) {
            throw JsError.STREAM_SEALED.refuse();
        }
        if (stream.config().is(StreamField.DENY_DELETE)) {
            throw JsError.STREAM_MSG_DELETE_FAILED.refuse("message delete not permitted");
        }
        if (seq > stream.log().lastSeq()) {
            throw JsError.STREAM_MSG_DELETE_FAILED.refuse("stream store EOF");
        }
        if (seq < stream.log().firstSeq()) {
            throw JsError.STREAM_MSG_DELETE_FAILED.refuse("no message found");
        }
        if (!stream.delete(seq)) {
            throw JsError.SEQUENCE_NOT_FOUND.refuse(seq);
        }
        request.respond(request.answer().field("success", true));
    }
}
