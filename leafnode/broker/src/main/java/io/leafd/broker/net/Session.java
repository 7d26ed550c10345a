package io.leafd.broker.net;

import io.leafd.broker.account.Account;
import io.leafd.security.login.User;
import io.leafd.security.permission.Permissions;

/**
 * A client that is logged in: who it is and what it asked for. Immutable, so that other event loops may look at it while
 * they deliver.
 *
 * @param account the subject space it is bound to
 * @param user its user
 * @param options its CONNECT
 * @param connected whether it sent CONNECT, or is served without
 * @param mayAll whether its permissions refuse nothing, so that they need not be asked for each message
 */
record Session(Account account, User user, ConnectOptions options, boolean connected, boolean mayAll) {
    static Session of(Account account, User user, ConnectOptions options, boolean connected) {
        return new Session(account, user, options, connected, user.permissions().unrestricted());
    }

    Permissions permissions() {
        return user.permissions();
    }
}
