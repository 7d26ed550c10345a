package io.leafd.app.config;

import io.leafd.app.config.schema.Key;
import io.leafd.app.config.schema.Position;
import io.leafd.app.config.schema.Problems;
import io.leafd.app.config.schema.Section;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Rules between listeners, their TLS and the need to log in. */
final class ListenerRules {
    private record Listener(String name, ListenAddress address, Position position) {}

    private final Section root;
    private final Section server;
    private final Problems problems;

    ListenerRules(Section root, Problems problems) {
        this.root = root;
        this.server = root.get("server");
        this.problems = problems;
    }

    void check() {
        clashes();
        open();
        sizes();
        tls(root.find("tls"));
        tls(server.find("tls"));
        tls(root.get("http").find("tls"));
        Section leafnodes = root.find("leafnodes");
        if (leafnodes != null) {
            tls(leafnodes.find("tls"));
        }
    }

    private void clashes() {
        List<Listener> listeners = listeners();
        for (int i = 0; i < listeners.size(); i++) {
            for (int j = 0; j < i; j++) {
                Listener later = listeners.get(i);
                Listener earlier = listeners.get(j);
                if (later.address.clashesWith(earlier.address)) {
                    problems.add(
                            later.position,
                            later.name + " = \"" + later.address + "\" takes the port of " + earlier.name + " = \""
                                    + earlier.address + "\"; give one of them another port");
                }
            }
        }
    }

    private List<Listener> listeners() {
        List<Listener> listeners = new ArrayList<>();
        add(listeners, "server.listen", server, ServerConfig.LISTEN, server.find(ServerConfig.LISTEN));
        Section leafnodes = root.find("leafnodes");
        if (leafnodes != null) {
            add(
                    listeners,
                    "leafnodes.listen",
                    leafnodes,
                    LeafnodesConfig.LISTEN,
                    leafnodes.find(LeafnodesConfig.LISTEN));
        }
        Section http = root.get("http");
        Optional<ListenAddress> address = http.find(HttpConfig.LISTEN);
        add(listeners, "http.listen", http, HttpConfig.LISTEN, address == null ? null : address.orElse(null));
        return listeners;
    }

    private static void add(
            List<Listener> listeners, String name, Section section, Key<?> key, @Nullable ListenAddress address) {
        if (address != null) {
            listeners.add(new Listener(name, address, section.positionOf(key)));
        }
    }

    /** Without a login, only programs of this machine may come in, unless the owner says otherwise. */
    private void open() {
        boolean allowed = Boolean.TRUE.equals(server.find(ServerConfig.ALLOW_OPEN_LISTENER));
        String door = allowed ? null : openDoor();
        for (Listener listener : listeners()) {
            if (listener.address.loopback()) {
                continue;
            }
            if (listener.name.equals("http.listen")) {
                monitoring(listener);
            } else if (door != null) {
                problems.add(
                        listener.position,
                        listener.name + " = \"" + listener.address + "\" lets every machine in, " + door
                                + ", listen on 127.0.0.1, or set server.allow_open_listener = true");
            }
        }
    }

    /** Why anybody comes in, and what to do about it; null if everybody has to log in. */
    private @Nullable String openDoor() {
        boolean noUsers = root.all("accounts").stream()
                .allMatch(account -> account.all("users").isEmpty());
        if (noUsers) {
            return "for nobody has to log in; add [[accounts.NAME.users]]";
        }
        String nobody = server.find(ServerConfig.NO_AUTH_USER);
        return nobody == null ? null : "as \"" + nobody + "\", who needs no credentials; remove server.no_auth_user";
    }

    private void monitoring(Listener listener) {
        if (!Boolean.TRUE.equals(root.get("http").find(HttpConfig.ALLOW_OPEN_LISTENER))) {
            problems.add(
                    listener.position,
                    "http.listen = \"" + listener.address
                            + "\" shows every machine the names of clients, subjects and streams, for monitoring has no"
                            + " login; listen on 127.0.0.1, or set http.allow_open_listener = true");
        }
    }

    private void sizes() {
        Long payload = server.find(ServerConfig.MAX_PAYLOAD);
        Long pending = server.find(ServerConfig.MAX_PENDING);
        if (payload != null && pending != null && pending < payload) {
            Key<Long> told =
                    server.isSet(ServerConfig.MAX_PENDING) ? ServerConfig.MAX_PENDING : ServerConfig.MAX_PAYLOAD;
            problems.add(
                    server.positionOf(told),
                    "max_pending is smaller than max_payload: no client could receive the largest message; raise"
                            + " max_pending or lower max_payload");
        }
    }

    private void tls(@Nullable Section tls) {
        if (tls == null || Boolean.FALSE.equals(tls.find(TlsConfig.ENABLED))) {
            return;
        }
        for (Key<Path> key : List.of(TlsConfig.CERT_FILE, TlsConfig.KEY_FILE)) {
            if (!tls.isSet(key)) {
                problems.add(
                        tls.position(),
                        key.name() + " is missing in " + tls.title() + "; for example: " + key.name() + " = "
                                + key.example());
            }
        }
        if (Boolean.TRUE.equals(tls.find(TlsConfig.VERIFY)) && !tls.isSet(TlsConfig.CA_FILE)) {
            problems.add(
                    tls.positionOf(TlsConfig.VERIFY),
                    "verify = true in " + tls.title()
                            + " needs ca_file: the certificates from which those of clients come");
        }
    }
}
