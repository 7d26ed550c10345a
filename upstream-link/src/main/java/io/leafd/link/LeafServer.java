package io.leafd.link;

import io.leafd.broker.account.Account;
import io.leafd.broker.net.ServerContext;
import io.leafd.broker.net.ServerIdentity;
import org.jspecify.annotations.Nullable;

/** What all leaf connections of this server share. Any thread. */
public final class LeafServer {
    private final ServerContext context;
    private final LoopIds loopIds;

    public LeafServer(ServerContext context) {
        this.context = context;
        this.loopIds = new LoopIds(context.names());
    }

    /** The server that the connections belong to. */
    public ServerContext context() {
        return context;
    }

    ServerIdentity identity() {
        return context.identity();
    }

    /** What other servers take for our cluster: a server alone is a cluster of its own name. */
    String clusterName() {
        return identity().serverName().replace(' ', '_');
    }

    LoopIds loopIds() {
        return loopIds;
    }

    /** The JetStream domain of an account, null if it has no JetStream. */
    @Nullable
    String domainOf(Account account) {
        return account.jetStream() ? context.identity().domain() : null;
    }
}
