package io.leafd.test.conformance;

import io.leafd.test.peer.LeafdProcess;
import io.leafd.test.peer.NatsServer;
import io.leafd.test.peer.Ports;
import io.leafd.test.peer.ServerProcess;
import io.leafd.test.peer.TestDirectory;
import io.leafd.test.setup.LeafdToml;
import io.leafd.test.setup.NatsConf;
import io.leafd.test.setup.ServerSetup;
import java.nio.file.Path;
import java.util.Locale;

/** Which program a scenario talks to. */
public enum ServerUnderTest {
    NATS_SERVER {
        @Override
        public ServerProcess prepare(ServerSetup setup) {
            Path directory = directory(setup);
            return NatsServer.of(directory, Ports.free(), NatsConf.of(setup, directory));
        }
    },
    LEAFD {
        @Override
        public ServerProcess prepare(ServerSetup setup) {
            Path directory = directory(setup);
            int port = Ports.free();
            return LeafdProcess.of(directory, port, LeafdToml.of(setup, directory, port));
        }
    };

    /** A server with this setup that is not started yet. */
    public abstract ServerProcess prepare(ServerSetup setup);

    Path directory(ServerSetup setup) {
        return TestDirectory.create(setup.name() + "-" + name().toLowerCase(Locale.ROOT));
    }
}
