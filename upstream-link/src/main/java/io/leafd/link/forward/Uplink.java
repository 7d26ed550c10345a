package io.leafd.link.forward;

import io.leafd.broker.interest.Publisher;
import io.leafd.protocol.Message;
import io.leafd.protocol.Subject;
import java.util.List;

/**
 * One established connection to the upstream, as one forward sees it. Every method: any thread. A new connection is a new
 * object; one whose connection has ended swallows what it is given.
 */
public interface Uplink {
    /** Queues messages, in order, with the forward's priority. Bounded by the forward's window, never cut off for it. */
    void send(List<Message> batch);

    /** Whether the connection wants more; when that turns true again the forward is run. */
    boolean writable();

    /**
     * Whether what is given waits for the next period of the link's budget; each time that changes the forward is run. What was given
     * before waits, too, and goes then.
     */
    boolean overBudget();

    /** Runs {@code passed} (any thread) when the upstream has read everything sent before; never, if the link ends first. */
    void fence(Runnable passed);

    /** Round trip of the last ping in nanoseconds, 0 while unknown. */
    long rttNs();

    /** The upstream's bound for headers and payload of one message. */
    int payloadMaxBytes();

    /** What {@code $JS.API} of the upstream is called on this side: {@code $JS.hub.API}. */
    String apiPrefix();

    /** Whether the upstream's permissions and the configured export list let a message on this subject cross. */
    boolean maySend(Subject subject);

    /** Whether the upstream's permissions let a request to its JetStream API cross. */
    boolean mayRequest(Subject subject);

    /** Whether this connection is who published: answers are believed only then. */
    boolean isOrigin(Publisher publisher);
}
