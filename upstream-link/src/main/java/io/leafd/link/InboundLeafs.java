package io.leafd.link;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The leaf nodes that have connected to this server. Any thread.
 *
 * <p>A leaf is known by its name, its cluster, and the accounts at both ends. If another connection says it is the same
 * leaf, the newer one is right: the older one is usually dead and does not know it. Without a name of its account nothing
 * tells two leafs apart from one, so both live. Source: observed on nats-server 2.15.2.
 */
public final class InboundLeafs {
    private final Map<Long, InboundSession> byId = new ConcurrentHashMap<>();
    private final Map<Identity, InboundSession> byIdentity = new ConcurrentHashMap<>();

    private record Identity(String name, String cluster, String account, String remoteAccount) {}

    /** A leaf as the box owner sees it. */
    public record Status(
            long id,
            String name,
            String version,
            String address,
            String account,
            String remoteAccount,
            boolean spoke,
            long rttNs,
            LinkStatus.Interest interest,
            LinkStatus.Traffic traffic) {}

    /** The session of a connection that was accepted. */
    public LeafSession accept(LeafServer server, LeafWire wire, LeafPort port) {
        return new InboundSession(server, wire, this, port);
    }

    /** All that are established, in the order in which they came. */
    public List<Status> status() {
        var all = new ArrayList<Status>();
        for (InboundSession session : byId.values()) {
            Status status = session.status();
            if (status != null) {
                all.add(status);
            }
        }
        all.sort(Comparator.comparingLong(Status::id));
        return all;
    }

    /** Number of connections, also those that have not logged in. */
    public int size() {
        return byId.size();
    }

    /** Closes all. */
    public void close() {
        byId.values()
                .forEach(session -> session.wire()
                        .turn()
                        .loop()
                        .execute(() -> session.wire().hangUp(null)));
    }

    void opened(InboundSession session) {
        byId.put(session.id(), session);
    }

    /** Registers a leaf that has logged in, and returns the connection that it takes the place of, if there is one. */
    @Nullable
    InboundSession joined(InboundSession session, LeafConnect connect, String account) {
        Identity identity = identity(connect, account);
        return connect.remoteAccount().isEmpty() ? null : byIdentity.put(identity, session);
    }

    void closed(InboundSession session, @Nullable LeafConnect connect, @Nullable String account) {
        byId.remove(session.id(), session);
        if (connect != null && account != null) {
            byIdentity.remove(identity(connect, account), session);
        }
    }

    private static Identity identity(LeafConnect connect, String account) {
        return new Identity(connect.name(), connect.cluster(), account, connect.remoteAccount());
    }
}
