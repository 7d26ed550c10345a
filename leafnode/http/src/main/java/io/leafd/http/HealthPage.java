package io.leafd.http;

import io.leafd.protocol.json.JsonWriter;
import org.jspecify.annotations.Nullable;

/**
 * {@code /healthz}: 200 while local clients are served, whatever the upstream does; {@code ?link=NAME} asks for that upstream.
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
        JsonWriter json = new JsonWriter().object().field("status", trouble == null ? "ok" : "unavailable");
        if (trouble != null) {
            json.field("error", trouble);
        }
        return Answer.json(trouble == null ? 200 : 503, json.end().toString());
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
