package io.leafd.link.forward;

import io.leafd.broker.account.Account;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The link that forwards go up on. Any thread. */
public interface Upstream {
    /** Its name in the configuration. */
    String name();

    /** The local account that is joined. */
    Account account();

    /**
     * A way to send on the present connection, for one forward; null unless connected.
     *
     * @param domain JetStream domain of the stream that acknowledges; null for the upstream's own
     * @param priority 0 lowest to 9
     * @param room runs on an event loop when it is writable again
     */
    @Nullable
    Uplink uplink(@Nullable String domain, int priority, Runnable room);

    /** Says which subjects forwards take, and so do not go up live. */
    void forwarded(List<String> filters);
}
