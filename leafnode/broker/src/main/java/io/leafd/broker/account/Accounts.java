package io.leafd.broker.account;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** All accounts by name. Any thread. */
public final class Accounts implements Iterable<Account> {
    /** The account of a server that has none configured, as nats-server names it. */
    public static final String GLOBAL = "$G";

    private final ConcurrentHashMap<String, Account> byName = new ConcurrentHashMap<>();

    /** Adds an account; one of the same name stays as it is. */
    public Account add(Account account) {
        Account old = byName.putIfAbsent(account.name(), account);
        return old == null ? account : old;
    }

    public @Nullable Account find(String name) {
        return byName.get(name);
    }

    /**
     * The account of this name.
     *
     * @throws IllegalArgumentException if there is none
     */
    public Account get(String name) {
        Account account = byName.get(name);
        if (account == null) {
            throw new IllegalArgumentException("there is no account \"" + name + "\"");
        }
        return account;
    }

    /** All of them, as they are while it goes on. */
    @Override
    public Iterator<Account> iterator() {
        return byName.values().iterator();
    }

    /** All of them, a snapshot. */
    public Collection<Account> all() {
        return List.copyOf(new ArrayList<>(byName.values()));
    }
}
