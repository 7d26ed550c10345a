package io.leafd.broker.interest;

/** The end of a subscription: a client, a leaf, or code of our own. */
public interface Receiver {
    /** What stands behind a subscription; the fan-out treats leafs apart. */
    enum Kind {
        CLIENT,
        LEAF,
        INTERNAL
    }

    /** Fixed for the life of the receiver. Any thread. */
    Kind kind();

    /**
     * Takes one message. Runs on the publisher's event loop, must not block and must not keep the delivery.
     *
     * @return false if it was not taken: the receiver is closed, wants no echo, or may not see the subject
     */
    boolean deliver(Subscription subscription, Delivery delivery);
}
