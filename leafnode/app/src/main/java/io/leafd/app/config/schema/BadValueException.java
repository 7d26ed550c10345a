package io.leafd.app.config.schema;

/** A value that its {@link Kind} does not accept. The message says what is wrong and what to write; the key is added later. */
public final class BadValueException extends Exception {
    public BadValueException(String message) {
        super(message, null, false, false); // a message to a person: where it was thrown is of no interest
    }
}
