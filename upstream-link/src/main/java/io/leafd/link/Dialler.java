package io.leafd.link;

import io.leafd.link.budget.Meter;
import java.util.function.Function;

/** Opens connections to upstreams. Any thread. */
public interface Dialler {
    /**
     * Connects. Exactly one of {@code session} and {@code failed} is called. Looks up names, so it blocks: not for an event
     * loop.
     *
     * @param session makes the session of a connection, on its event loop
     */
    void dial(Target target, Function<LeafWire, LeafSession> session, Failed failed);

    /**
     * Where to connect, and for how long.
     *
     * @param meter counts what is sent, from the first byte
     */
    record Target(LinkUrl url, DialTimes times, LinkTls tls, Meter meter) {}

    /** Told when there will be no session. */
    interface Failed {
        void failed(LinkFailure why);
    }
}
