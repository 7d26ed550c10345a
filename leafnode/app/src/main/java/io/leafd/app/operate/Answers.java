package io.leafd.app.operate;

import io.leafd.app.admin.AdminVerb;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** What a running leafd answers to administrative commands. Immutable; any thread. */
public final class Answers {
    private final StatusAnswer status;
    private final Map<String, AdminVerb> verbs;

    /** @param reload reads the configuration again and returns what changed */
    public Answers(Running running, Supplier<List<String>> reload) {
        this.status = new StatusAnswer(running);
        LinkAnswer link = new LinkAnswer(running);
        StreamsAnswer streams = new StreamsAnswer(running);
        WhyAnswer why = new WhyAnswer(running);
        StoreAnswer store = new StoreAnswer(running);
        this.verbs = Map.of(
                "status", arguments -> status.tree(),
                "link", arguments -> link.list(),
                "link-retry", arguments -> link.retry(arguments.get("name")),
                "streams", arguments -> streams.list(),
                "streams-purge", arguments -> streams.purge(arguments.get("account"), arguments.get("name")),
                "store-snapshot", arguments -> store.snapshot(),
                "store-snapshot-drop", arguments -> store.drop(),
                "why", arguments -> why.tree(arguments.get("subject")),
                "reload", arguments -> Map.of("changes", reload.get()));
    }

    /** By the name that commands use. */
    public Map<String, AdminVerb> verbs() {
        return verbs;
    }

    /** One line for {@code systemctl status}. */
    public String line() {
        return status.line();
    }
}
