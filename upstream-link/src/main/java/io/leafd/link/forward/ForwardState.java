package io.leafd.link.forward;

/** What a forward is doing. Owned by the store loop; every change goes through {@link Forward}. */
sealed interface ForwardState {
    /** One word for people. */
    String word();

    /** No connection. */
    record Offline() implements ForwardState {
        @Override
        public String word() {
            return "offline";
        }
    }

    /** Asks the upstream what it holds of the window. */
    record Checking(Inquiry inquiry, int attempt, long deadlineNs) implements ForwardState {
        @Override
        public String word() {
            return "checking";
        }
    }

    /** Sends what is due and what is new, as far as the window allows. */
    record Sending() implements ForwardState {
        @Override
        public String word() {
            return "sending";
        }
    }

    /** Message {@code seq} has no answer: waits until the upstream has read all that was sent, then until {@code untilNs} for answers. */
    record Doubting(long seq, boolean read, long untilNs) implements ForwardState {
        @Override
        public String word() {
            return "sending";
        }
    }

    /** The upstream refused; the next attempt comes later. */
    record Refused(long untilNs) implements ForwardState {
        @Override
        public String word() {
            return "refused";
        }
    }

    /** Ended for good. */
    record Stopped() implements ForwardState {
        @Override
        public String word() {
            return "stopped";
        }
    }
}
