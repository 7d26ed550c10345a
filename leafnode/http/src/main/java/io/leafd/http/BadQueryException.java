package io.leafd.http;

/** A parameter that can't be understood; the message says which and why. */
final class BadQueryException extends RuntimeException {
    private static final long serialVersionUID = 1;

    BadQueryException(String message) {
        super(message);
    }
}
