package io.leafd.jetstream.api;

import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Requests that exist only while a stream or consumer exists: direct get and pull. Any thread.
 *
 * <p>A request for one that does not exist must look like a request that nobody answers (503 no responders), so the publisher's
 * event loop has to know at once. Keys are the subject behind {@code $JS.API.} up to the asset's name: {@code
 * DIRECT.GET.ORDERS}, {@code CONSUMER.MSG.NEXT.ORDERS.worker}.
 */
public final class Endpoints {
    private final ConcurrentHashMap<String, ApiHandler> handlers = new ConcurrentHashMap<>();

    /** Begins to serve a key, or serves it by another handler from now on. The handler runs on the store loop. */
    public void put(String key, ApiHandler handler) {
        handlers.put(key, handler);
    }

    /** Begins to serve a key unless somebody does already. */
    public void putIfAbsent(String key, ApiHandler handler) {
        handlers.putIfAbsent(key, handler);
    }

    /** Stops serving a key if this handler serves it. */
    public void remove(String key, ApiHandler handler) {
        handlers.remove(key, handler);
    }

    /** Who serves a key, or null. */
    public @Nullable ApiHandler find(String key) {
        return handlers.get(key);
    }
}
