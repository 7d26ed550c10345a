package io.leafd.jetstream.api;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All kinds of request that an account's JetStream answers. Filled while it is wired, then only read, by any thread. */
public final class ApiRoutes {
    private record Entry(String[] tokens, ApiRoute route) {}

    private final List<Entry> entries = new ArrayList<>();

    /** Adds a kind of request; the first added that matches wins. */
    public ApiRoutes add(ApiRoute route) {
        entries.add(new Entry(route.tokens(), route));
        return this;
    }

    /** The route for a subject's tokens behind {@code $JS.API.}, or null. */
    public @Nullable ApiRoute find(List<String> tokens) {
        for (Entry entry : entries) {
            if (matches(entry.tokens, tokens)) {
                return entry.route;
            }
        }
        return null;
    }

    /** Routes for the same requests, all answered with this error. */
    public ApiRoutes refusing(JsError error) {
        var refusing = new ApiRoutes();
        for (Entry entry : entries) {
            ApiRoute route = entry.route;
            refusing.add(
                    new ApiRoute(route.pattern(), route.type(), route.zeroFields(), request -> request.fail(error)));
        }
        return refusing;
    }

    private static boolean matches(String[] pattern, List<String> tokens) {
        for (int i = 0; i < pattern.length; i++) {
            if (i >= tokens.size()) {
                return false;
            }
            if (pattern[i].equals(">")) {
                return true;
            }
            if (!pattern[i].equals("*") && !pattern[i].equals(tokens.get(i))) {
                return false;
            }
        }
        return pattern.length == tokens.size();
    }
}
