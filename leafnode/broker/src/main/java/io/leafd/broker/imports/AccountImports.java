package io.leafd.broker.imports;

import io.leafd.broker.net.EventLoops;
import io.leafd.security.nkey.RandomNames;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * All imports of all accounts. They must not lead in a circle: a message would go round for ever. Owned by the thread that configures.
 *
 * <pre>
 *   account PLANT                                          account OFFICE
 *   PUB ev.a            ──▶ stream ev.> as plant.ev.>  ──▶ SUB plant.ev.*
 *   SUB svc.echo, answers ◀── service svc.echo as echo ◀── PUB echo _INBOX.1
 *        PUB _R_.x.y    ──▶            answer          ──▶ _INBOX.1
 * </pre>
 */
public final class AccountImports implements AutoCloseable {
    private final EventLoops loops;
    private final RandomNames names;
    private final OpenRequests requests;
    private final Map<AccountImport, Crossing> crossings = new HashMap<>();

    /** No imports yet. */
    public AccountImports(EventLoops loops, RandomNames names) {
        this.loops = loops;
        this.names = names;
        this.requests = new OpenRequests(names, System::nanoTime);
    }

    /** Has these imports from now on: others end, new ones begin, and those that stay miss nothing. */
    public void follow(Collection<AccountImport> imports) {
        crossings.entrySet().removeIf(crossing -> {
            boolean gone = !imports.contains(crossing.getKey());
            if (gone) {
                crossing.getValue().close();
            }
            return gone;
        });
        for (AccountImport wanted : imports) {
            crossings.computeIfAbsent(wanted, this::open);
        }
    }

    private Crossing open(AccountImport wanted) {
        Answers answers = wanted.service() ? new Answers(loops, requests, names, wanted) : null;
        var crossing = new Crossing(loops, wanted, answers);
        crossing.open();
        return crossing;
    }

    @Override
    public void close() {
        crossings.values().forEach(Crossing::close);
        crossings.clear();
    }
}
