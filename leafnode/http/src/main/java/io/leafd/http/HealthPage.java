package io.leafd.http;

import io.leafd.protocol.json.JsonWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code /healthz}: 200 while local clients are served, whatever the upstream does; {@code ?link=NAME} asks for that upstream.
 *
 * <p>503 means that something is refused now: {@code unavailable}. Messages that are lost for good are no reason for it, or whoever
 * watches would restart leafd, or keep clients away, for ever; they make {@code degraded} of {@code ok}, and are listed.
 */
final class HealthPage implements Page {
    private final Sources sources;

    HealthPage(Sources sources) {
        this.sources = sources;
    }

    @Override
    public Answer answer(Query query) {
        String link = query.text("link");
        String trouble = link == null ? sources.trouble() : linkTrouble(link);
        List<Sources.Loss> losses = link == null ? sources.losses() : List.of();
        String served = losses.isEmpty() ? "ok" : "degraded";
        JsonWriter json = new JsonWriter().object().field("status", trouble == null ? served : "unavailable");
        if (trouble != null) {
            json.field("error", trouble);
        }
        if (!losses.isEmpty()) {
            json.array("lost");
            losses.forEach(loss -> lost(json, loss));
            json.end();
        }
        return Answer.json(trouble == null ? 200 : 503, json.end().toString());
    }

    private static void lost(JsonWriter json, Sources.Loss loss) {
        json.object()
                .field("account", loss.account())
                .field("stream", loss.stream())
                .field("messages", loss.messages())
                .array("ranges");
        for (Sources.Range range : loss.ranges()) {
            json.object()
                    .field("first_seq", range.firstSeq())
                    .field("last_seq", range.lastSeq())
                    .field("reason", range.reason())
                    .end();
        }
        json.end().end();
    }

    private @Nullable String linkTrouble(String name) {
        for (Sources.Upstream upstream : sources.upstreams()) {
            if (upstream.name().equals(name)) {
                String error = upstream.lastError() == null ? "" : ": " + upstream.lastError();
                return upstream.state().equals("connected")
                        ? null
                        : "upstream \"" + name + "\" is " + upstream.state() + error;
            }
        }
        return "there is no upstream \"" + name + "\"";
    }
}
