package io.leafd.link;

import io.leafd.broker.account.Account;
import io.leafd.security.nkey.RandomNames;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The subjects by which a loop of leaf connections is noticed: {@code $LDS.} and 22 characters, one for each account, the
 * same as long as the process lives. Any thread.
 *
 * <p>Each end tells its own as interest, and interest is passed on. So whoever is told of its own subject is connected to
 * itself.
 */
final class LoopIds {
    static final String PREFIX = "$LDS.";

    private static final int LENGTH = 22;

    private final RandomNames names;
    private final ConcurrentHashMap<Account, String> byAccount = new ConcurrentHashMap<>();

    LoopIds(RandomNames names) {
        this.names = names;
    }

    /** The account's subject. */
    String of(Account account) {
        return byAccount.computeIfAbsent(account, a -> PREFIX + names.alphanumerics(LENGTH));
    }
}
