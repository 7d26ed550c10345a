package io.leafd.test.peer;

import io.nats.client.Connection;
import io.nats.client.ErrorListener;
import io.nats.client.Nats;
import io.nats.client.Options;
import java.io.IOException;
import java.time.Duration;

/** The official Java client, set up for scenarios: it never reconnects by itself unless asked to, and gives up in bounded time. */
public final class NatsClients {

    /** Scenarios look at results; the library's own listener would write each refusal to the build's output. */
    private static final ErrorListener QUIET = new ErrorListener() {};

    private NatsClients() {}

    /** Connects without credentials. */
    public static Connection connect(ServerProcess server) {
        return connect(options(server).build());
    }

    /** Connects with a name and a password. */
    public static Connection connect(ServerProcess server, String user, String password) {
        return connect(options(server)
                .userInfo(user.toCharArray(), password.toCharArray())
                .build());
    }

    /** Connects with the given options. */
    public static Connection connect(Options options) {
        try {
            return Nats.connect(options);
        } catch (IOException e) {
            throw new IllegalStateException("cannot connect to " + options.getServers(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Options to start from. */
    public static Options.Builder options(ServerProcess server) {
        return Options.builder()
                .server(server.url())
                .maxReconnects(0)
                .errorListener(QUIET)
                .connectionTimeout(Deadline.ANSWER)
                .reconnectWait(Duration.ofMillis(50))
                .reconnectJitter(Duration.ofMillis(10));
    }
}
