package io.leafd.jetstream.stream;

import io.leafd.jetstream.api.ApiRequest;
import io.leafd.jetstream.api.ApiRoute;
import io.leafd.jetstream.api.ApiRoutes;
import io.leafd.jetstream.api.JsError;
import io.leafd.jetstream.json.JsonField;
import io.leafd.protocol.Subjects;
import io.leafd.protocol.json.JsonWriter;
import io.leafd.store.log.LogFilter;
import io.leafd.store.log.Purge;
import java.util.ArrayList;
import java.util.List;

/**
 * The requests below {@code $JS.API.STREAM} that make, change, describe and delete streams. Owned by the store loop.
 */
public final class StreamApi {
    private static final int NAMES_MAX = 1024;
    private static final int LIST_MAX = 256;
    private static final String PAGE = ",\"total\":0,\"offset\":0,\"limit\":0";
    private static final int STREAM = 2;

    private final Streams streams;

    public StreamApi(Streams streams) {
        this.streams = streams;
    }

    /** Adds the requests that it answers. */
    public void addTo(ApiRoutes routes) {
        routes.add(new ApiRoute("STREAM.CREATE.*", "stream_create_response", this::create))
                .add(new ApiRoute("STREAM.UPDATE.*", "stream_update_response", this::update))
                .add(new ApiRoute("STREAM.NAMES", "stream_names_response", PAGE + ",\"streams\":null", this::names))
                .add(new ApiRoute("STREAM.LIST", "stream_list_response", PAGE + ",\"streams\":[]", this::list))
                .add(new ApiRoute("STREAM.INFO.*", "stream_info_response", PAGE, this::info))
                .add(new ApiRoute("STREAM.DELETE.*", "stream_delete_response", this::delete))
                .add(new ApiRoute("STREAM.PURGE.*", "stream_purge_response", ",\"purged\":0", this::purge));
    }

    private record ConfigRequest(StreamConfig config, boolean pedantic) {
        static ConfigRequest of(ApiRequest request) {
            boolean pedantic = false;
            var fields = new ArrayList<JsonField>();
            for (JsonField field : JsonField.fields(request.body(), "StreamConfigRequest")) {
                if (field.name().equals("pedantic")) {
                    pedantic = field.flag();
                } else {
                    fields.add(field);
                }
            }
            return new ConfigRequest(StreamConfig.of(fields), pedantic);
        }
    }

    private void create(ApiRequest request) {
        ConfigRequest sent = ConfigRequest.of(request);
        String name = request.token(STREAM);
        if (name.contains("/") || name.contains("\\")) {
            throw JsError.STREAM_NAME_CONTAINS_PATH_SEPARATORS.refuse();
        }
        if (!name.equals(sent.config.name())) {
            throw JsError.STREAM_MISMATCH.refuse();
        }
        Stream stream = streams.create(sent.config, sent.pedantic);
        var info = new StreamInfo(stream);
        JsonWriter answer = request.answer();
        info.writeConfig(answer);
        info.writeState(answer, false, StreamInfo.SubjectPage.NONE);
        streams.originsOf(stream).writeInfo(answer);
        info.writeNow(answer);
        request.respond(answer.field("did_create", true));
    }

    private void update(ApiRequest request) {
        ConfigRequest sent = ConfigRequest.of(request);
        StreamRules.checkName(sent.config.name());
        if (!request.token(STREAM).equals(sent.config.name())) {
            throw JsError.STREAM_MISMATCH.refuse();
        }
        Stream before = streams.find(sent.config.name());
        if (before != null) {
            before.requireFree(JsError.STREAM_UPDATE);
        }
        Stream stream = streams.update(sent.config, sent.pedantic);
        var info = new StreamInfo(stream);
        JsonWriter answer = request.answer();
        info.writeConfig(answer);
        info.writeState(answer, false, StreamInfo.SubjectPage.NONE);
        info.writeDomain(answer);
        streams.originsOf(stream).writeInfo(answer);
        info.writeNow(answer);
        request.respond(answer);
    }

    /** Which page of which streams is wanted. */
    private record ListRequest(long offset, String subject) {
        static ListRequest of(ApiRequest request, String type) {
            long offset = 0;
            String subject = "";
            if (request.bodyIsJson()) {
                for (JsonField field : JsonField.fields(request.body(), type)) {
                    switch (field.name()) {
                        case "offset" -> offset = field.number();
                        case "subject" -> subject = field.text();
                        default -> throw field.unknown();
                    }
                }
            }
            return new ListRequest(offset, subject);
        }
    }

    private void names(ApiRequest request) {
        ListRequest wanted = ListRequest.of(request, "JSApiStreamNamesRequest");
        List<Stream> found = matching(wanted.subject);
        int offset = Math.clamp(wanted.offset, 0, found.size());
        JsonWriter answer = page(request, found.size(), offset, NAMES_MAX);
        if (offset == found.size()) {
            request.respond(answer.raw("streams", "null"));
            return;
        }
        answer.array("streams");
        found.stream().skip(offset).limit(NAMES_MAX).forEach(stream -> answer.value(stream.name()));
        request.respond(answer.end());
    }

    private void list(ApiRequest request) {
        ListRequest wanted = ListRequest.of(request, "JSApiStreamListRequest");
        List<Stream> found = matching(wanted.subject);
        int offset = Math.clamp(wanted.offset, 0, found.size());
        JsonWriter answer = page(request, found.size(), offset, LIST_MAX).array("streams");
        found.stream().skip(offset).limit(LIST_MAX).forEach(stream -> {
            var info = new StreamInfo(stream);
            answer.object();
            info.writeListedConfig(answer);
            info.writeState(answer, false, StreamInfo.SubjectPage.NONE);
            info.writeDomain(answer);
            streams.originsOf(stream).writeInfo(answer);
            info.writeNow(answer);
            answer.end();
        });
        request.respond(answer.end());
    }

    private List<Stream> matching(String subject) {
        return streams.all().stream()
                .filter(stream -> subject.isEmpty()
                        || stream.config().subjects().stream().anyMatch(taken -> Subjects.overlaps(taken, subject)))
                .toList();
    }

    private static JsonWriter page(ApiRequest request, int total, int offset, int limit) {
        return request.answer().field("total", total).field("offset", offset).field("limit", limit);
    }

    private void info(ApiRequest request) {
        long offset = 0;
        boolean deletedDetails = false;
        String filter = "";
        if (request.bodyIsJson()) {
            for (JsonField field : JsonField.fields(request.body(), "JSApiStreamInfoRequest")) {
                switch (field.name()) {
                    case "offset" -> offset = field.number();
                    case "deleted_details" -> deletedDetails = field.flag();
                    case "subjects_filter" -> filter = field.text();
                    default -> throw field.unknown();
                }
            }
        }
        Stream stream = streams.get(request.token(STREAM));
        var info = new StreamInfo(stream);
        StreamInfo.SubjectPage subjects =
                filter.isEmpty() ? StreamInfo.SubjectPage.NONE : info.subjects(filter, offset);
        boolean paged = subjects.total() > 0;
        JsonWriter answer =
                page(request, (int) subjects.total(), paged ? (int) offset : 0, paged ? StreamInfo.SUBJECTS_MAX : 0);
        info.writeConfig(answer);
        info.writeState(answer, deletedDetails, subjects);
        info.writeDomain(answer);
        info.writeCluster(answer);
        streams.originsOf(stream).writeInfo(answer);
        info.writeNow(answer);
        request.respond(answer);
    }

    private void delete(ApiRequest request) {
        if (!request.bodyIsEmpty()) {
            throw JsError.NOT_EMPTY_REQUEST.refuse();
        }
        Stream stream = streams.get(request.token(STREAM));
        stream.requireFree(JsError.STREAM_DELETE);
        streams.delete(stream);
        request.respond(request.answer().field("success", true));
    }

    private void purge(ApiRequest request) {
        long seq = 0;
        long keep = 0;
        String subject = "";
        if (request.bodyIsJson()) {
            for (JsonField field : JsonField.fields(request.body(), "JSApiStreamPurgeRequest")) {
                switch (field.name()) {
                    case "seq" -> seq = field.sequence();
                    case "keep" -> keep = field.sequence();
                    case "filter" -> subject = field.text();
                    default -> throw field.unknown();
                }
            }
        }
        if (seq > 0 && keep > 0) {
            throw JsError.BAD_REQUEST.refuse();
        }
        Stream stream = streams.get(request.token(STREAM));
        stream.requireFree(JsError.STREAM_PURGE_FAILED);
        StreamConfig config = stream.config();
        if (config.is(StreamField.SEALED)) {
            throw JsError.STREAM_SEALED.refuse();
        }
        if (config.is(StreamField.DENY_PURGE)) {
            throw JsError.STREAM_PURGE_FAILED.refuse("stream purge not permitted");
        }
        LogFilter filter = subject.isEmpty() ? LogFilter.ALL : MessageQuery.filter(subject);
        if (filter == null) {
            request.respond(request.answer().field("success", true).field("purged", 0));
            return;
        }
        var what = new Purge(filter, seq > 0 ? seq : Long.MAX_VALUE, keep);
        stream.purge(
                what,
                purged ->
                        request.respond(request.answer().field("success", true).field("purged", purged)));
    }
}
