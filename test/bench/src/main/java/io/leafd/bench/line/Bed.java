package io.leafd.bench.line;

import io.leafd.test.peer.NatsServer;
import io.leafd.test.peer.Ports;
import io.leafd.test.peer.ServerProcess;
import io.leafd.test.peer.TestDirectory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * What lines run on: the servers' programs and how long to load them.
 *
 * @param leafd program and first arguments that are leafd
 * @param before the same of another leafd to compare with; empty for none
 * @param warmUp load before the measured one, on the same server
 * @param measured length of the measured load
 */
public record Bed(List<String> leafd, List<String> before, Duration warmUp, Duration measured) {

    /** A server of this contender, not started yet. */
    public ServerProcess server(Contender contender) {
        return server(contender, "");
    }

    /**
     * A server of this contender, not started yet.
     *
     * @param more lines added to its configuration, in its own language
     */
    public ServerProcess server(Contender contender, String more) {
        Path directory = TestDirectory.create("bench-" + contender.label());
        int port = Ports.free();
        if (contender.leafd()) {
            return new InstalledLeafd(directory, port, contender == Contender.BEFORE ? before : leafd, more);
        }
        String jetStream = "server_name: BENCH\njetstream { store_dir: \"%s/js\", domain: edge%s }\n"
                .formatted(directory, contender == Contender.ALWAYS ? ", sync_interval: always" : "");
        return NatsServer.of(directory, port, (contender == Contender.BARE ? "" : jetStream) + more);
    }
}
