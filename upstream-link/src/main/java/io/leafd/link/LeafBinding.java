package io.leafd.link;

import io.leafd.broker.account.Account;

/**
 * What an established leaf connection joins. Immutable, so that other event loops may look at it while they deliver.
 *
 * @param account the account at this end
 * @param spoke whether this end is the spoke: it tells of local interest only, and two spokes tell each other nothing
 */
record LeafBinding(Account account, LeafPeer peer, LinkPermissions permissions, boolean spoke) {
    LeafBinding withPermissions(LinkPermissions changed) {
        return new LeafBinding(account, peer, changed, spoke);
    }
}
