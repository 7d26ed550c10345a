package io.leafd.broker.net;

import io.leafd.broker.interest.Publisher;

/** Publishers that are no connections. */
final class Publishers {
    /** The server itself: can't be paused, and is nobody's echo. */
    static final Publisher NOBODY = new Publisher() {
        @Override
        public void pause() {
            // a single answer is never worth waiting for
        }

        @Override
        public void resume() {
            // was not paused
        }
    };

    private Publishers() {}
}
