package io.leafd.protocol;

/**
 * Why bytes are no leaf frame, and what the peer is told before its connection is closed. Source: observed on nats-server
 * 2.15.2.
 */
public enum LeafFault {
    /** No such operation, or a message not followed by CR LF. */
    UNKNOWN_OPERATION("Unknown Protocol Operation"),
    /** A line over {@link LeafParser#CONTROL_LINE_MAX_BYTES}. */
    CONTROL_LINE("maximum control line exceeded"),
    /** A message over the agreed size. */
    PAYLOAD("Maximum Payload Violation"),
    /** A known operation with arguments that make no sense: closed without a word. */
    MALFORMED("");

    private final String text;

    LeafFault(String text) {
        this.text = text;
    }

    /** The text for {@code -ERR}; empty if the peer is told nothing. */
    public String text() {
        return text;
    }
}
