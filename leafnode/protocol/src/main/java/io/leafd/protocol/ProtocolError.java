package io.leafd.protocol;

import org.jspecify.annotations.Nullable;

/** What is wrong with a frame; each ends the connection. Texts as observed on nats-server 2.15.2. */
public enum ProtocolError {
    UNKNOWN_OPERATION("Unknown Protocol Operation"),
    CONTROL_LINE("maximum control line exceeded"),
    PAYLOAD("Maximum Payload Violation"),
    /** Malformed arguments: nats-server closes without a word. */
    ARGUMENTS(null);

    private final @Nullable String text;

    ProtocolError(@Nullable String text) {
        this.text = text;
    }

    /** The text of the {@code -ERR}, or null if nothing is said. */
    public @Nullable String text() {
        return text;
    }
}
