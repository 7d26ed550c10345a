package io.leafd.http;

import io.leafd.broker.net.ServerContext;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** All paths, and how often each was asked for. Any thread. */
final class Pages {
    private final Map<String, Page> byPath = new LinkedHashMap<>();
    private final Map<String, LongAdder> requests = new ConcurrentHashMap<>();

    Pages(ServerContext server, Sources sources) {
        byPath.put("/healthz", new HealthPage(sources));
        byPath.put("/varz", new VarzPage(server, sources, requests));
        byPath.put("/connz", new ConnzPage(server));
        byPath.put("/leafz", new LeafzPage(server, sources));
        byPath.put("/jsz", new JszPage(server, sources));
        byPath.put("/metrics", new MetricsPage(server, sources));
        byPath.keySet().forEach(path -> requests.put(path, new LongAdder()));
        byPath.put("/", query -> index());
    }

    Answer answer(Query query) {
        Page page = byPath.get(query.path());
        if (page == null) {
            return Answer.text(404, "there is no page " + query.path() + "; see /");
        }
        LongAdder count = requests.get(query.path());
        if (count != null) {
            count.increment();
        }
        return page.answer(query);
    }

    private Answer index() {
        var html = new StringBuilder("<!DOCTYPE html><html lang=\"en\"><title>leafd</title><h1>leafd</h1><ul>");
        for (String path : requests.keySet().stream().sorted().toList()) {
            html.append("<li><a href=\"")
                    .append(path)
                    .append("\">")
                    .append(path.substring(1))
                    .append("</a>");
        }
        return new Answer(
                200,
                "text/html; charset=utf-8",
                html.append("</ul></html>\n").toString().getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }
}
