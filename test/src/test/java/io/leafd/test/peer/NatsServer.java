package io.leafd.test.peer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The real nats-server, run from a configuration in its own language. */
public final class NatsServer extends ServerProcess {

    private NatsServer(Path directory, int clientPort) {
        super(directory, clientPort);
    }

    /**
     * A server that is not started yet.
     *
     * @param directory of this server alone; JetStream data goes to {@code js} below it
     * @param clientPort free port on loopback
     * @param config configuration text without {@code listen}
     */
    public static NatsServer of(Path directory, int clientPort, String config) {
        NatsServer server = new NatsServer(directory, clientPort);
        server.configure(config);
        return server;
    }

    /** Replaces the configuration; it takes effect at the next start or after the signal {@code HUP}. */
    public void configure(String config) {
        try {
            Files.writeString(configFile(), "listen: \"127.0.0.1:%d\"\n%s".formatted(clientPort(), config));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    protected List<String> command() {
        return List.of(NatsServerBinary.path().toString(), "-c", configFile().toString());
    }

    private Path configFile() {
        return directory().resolve("nats-server.conf");
    }
}
