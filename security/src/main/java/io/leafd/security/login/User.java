package io.leafd.security.login;

import io.leafd.security.permission.Permissions;
import java.util.List;
import java.util.Set;

/**
 * A configured user. Immutable.
 *
 * @param name unique in the whole directory
 * @param accountName the account that its connections are bound to
 * @param proofs how it may log in; any one is enough. Empty for a user that only {@code no_auth_user} names
 * @param permissions what it may do; the defaults of its account are already applied
 * @param connectionTypes how it may come in; empty for any way
 */
public record User(
        String name,
        String accountName,
        List<Proof> proofs,
        Permissions permissions,
        Set<ConnectionType> connectionTypes) {
    /** Copies the collections. */
    public User {
        proofs = List.copyOf(proofs);
        connectionTypes = Set.copyOf(connectionTypes);
    }

    boolean mayComeBy(ConnectionType type) {
        return connectionTypes.isEmpty() || connectionTypes.contains(type);
    }
}
