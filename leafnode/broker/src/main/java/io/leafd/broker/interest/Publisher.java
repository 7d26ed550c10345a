package io.leafd.broker.interest;

/** Whoever published a message, as far as back-pressure is concerned. Any thread. */
public interface Publisher {
    /** Stops reading from it until {@link #resume}; the pause ends by itself after a bounded time. */
    void pause();

    /** Ends a pause; harmless if there was none. */
    void resume();
}
