package io.leafd.test.conformance;

import io.leafd.test.peer.RawClient;
import io.leafd.test.peer.ServerProcess;
import io.leafd.test.setup.ServerSetup;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The servers of one class of scenarios, all of one kind. They start when a scenario first asks for them. Owned by the thread that runs
 * the class.
 */
public final class Brokers {

    private final ServerUnderTest kind;
    private final Map<ServerSetup, ServerProcess> shared = new LinkedHashMap<>();
    private final List<ServerProcess> owned = new ArrayList<>();

    Brokers(ServerUnderTest kind) {
        this.kind = kind;
    }

    /** Which program runs, for the few expectations that name it. */
    public ServerUnderTest kind() {
        return kind;
    }

    /** The running server with this setup that all scenarios of the class share: none of them stops it or leaves state in it. */
    public ServerProcess with(ServerSetup setup) {
        ServerProcess server = shared.computeIfAbsent(setup, kind::prepare);
        if (!server.running()) {
            server.start();
        }
        return server;
    }

    /** A running server for the calling scenario alone, which may stop it; closed after the scenario. */
    public ServerProcess own(ServerSetup setup) {
        ServerProcess server = kind.prepare(setup);
        owned.add(server);
        server.start();
        return server;
    }

    /** A new raw connection to the shared server with this setup. */
    public RawClient open(ServerSetup setup) {
        return RawClient.open(with(setup).clientPort());
    }

    /** A new raw connection to the shared server with this setup, after the exchange of INFO and CONNECT. */
    public RawClient connect(ServerSetup setup) {
        return open(setup).connect();
    }

    void closeOwned() {
        owned.forEach(ServerProcess::close);
        owned.clear();
    }

    void closeAll() {
        closeOwned();
        shared.values().forEach(ServerProcess::close);
        shared.clear();
    }

    String logTails() {
        return Stream.concat(shared.values().stream(), owned.stream())
                .map(server -> server + "\n" + server.logTail())
                .collect(Collectors.joining("\n\n"));
    }
}
