package io.leafd.jetstream.api;

import io.leafd.broker.MessageHandler;
import io.leafd.broker.interest.InterestListener;
import io.leafd.protocol.Message;
import io.leafd.protocol.Subject;

/** How JetStream stands in its account: what it publishes there and what it takes from there. */
public interface AccountPort {
    /**
     * On the store loop. Publishes {@code message} once everything staged so far is committed; if that fails, never: the peer
     * asks again.
     */
    void publish(Message message);

    /** Any thread. Publishes {@code message} at once: for what says nothing about stored state, or after a commit. */
    void publishNow(Message message);

    /**
     * Any thread. {@link #publishNow} for the answer to a message that came in on event loop {@code loop}: whoever asked is most
     * likely there, and then the answer goes out without a hop over another loop. Answers of one loop keep their order.
     */
    void answer(Message message, int loop);

    /** Any thread. Whether more may be published now than answers; bulk readers wait otherwise. */
    boolean writable();

    /** Any thread. Whether a message on this subject would reach somebody. */
    boolean hasInterest(Subject subject);

    /**
     * Any thread. Takes what is published on subjects that {@code filter} matches. The handler runs on event loops.
     *
     * @return ends it
     */
    Runnable subscribe(String filter, MessageHandler handler);

    /** Any thread. A way out with a backlog of its own. */
    Outlet outlet(String name);

    /** Any thread. Follows who wants what in the account: first all that is wanted now, then every change. */
    void listen(InterestListener listener);
}
