package io.leafd.jetstream.api;

/** Answers one kind of request. Runs on the store loop; must not block. */
@FunctionalInterface
public interface ApiHandler {
    /**
     * Does what is asked and answers, now or in a later turn of the loop.
     *
     * @throws ApiException to refuse; answered by the caller
     * @throws io.leafd.jetstream.json.InvalidJson for a body that cannot be read; answered by the caller as error 10025
     * @throws io.leafd.store.loop.StoreException if the store fails; answered by the caller
     */
    void handle(ApiRequest request);
}
