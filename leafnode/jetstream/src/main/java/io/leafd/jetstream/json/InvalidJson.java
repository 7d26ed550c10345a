package io.leafd.jetstream.json;

/** A request that cannot be read; the message is the text behind {@code invalid JSON: } of error 10025. */
public final class InvalidJson extends RuntimeException {
    private static final long serialVersionUID = 1;

    public InvalidJson(String message) {
        super(message, null, false, false); // an answer to a peer, not a fault of ours: no stack
    }
}
