package io.leafd.broker;

import io.leafd.broker.interest.Delivery;

/** Code of ours that receives messages. */
@FunctionalInterface
public interface MessageHandler {
    /**
     * Takes one message. Runs on the publisher's event loop: must not block, and copies what it needs of the delivery.
     *
     * @return false if it does not take it, so that it counts as nobody's
     */
    boolean onMessage(Delivery delivery);
}
