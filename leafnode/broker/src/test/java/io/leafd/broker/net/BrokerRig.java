package io.leafd.broker.net;

import io.leafd.broker.Broker;
import io.leafd.broker.account.Account;
import io.leafd.broker.account.Accounts;
import io.leafd.security.login.UserDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;

/** A broker on a free port of loopback, where nobody has to log in. */
final class BrokerRig implements AutoCloseable {
    static final ServerIdentity IDENTITY = new ServerIdentity("NTEST", "test", ServerIdentity.NATS_VERSION, "0", null);

    final Broker broker;
    private final InetSocketAddress address;

    /** With a bound for what subscriptions hold. */
    BrokerRig(EventLoops loops, long subscriptionsMaxBytes) {
        var server = new ServerContext(
                IDENTITY, loops, UserDirectory.open(Accounts.GLOBAL), ClientLimits.DEFAULTS, 0, subscriptionsMaxBytes);
        server.accounts().add(new Account(Accounts.GLOBAL, false));
        broker = new Broker(server);
        try {
            address = broker.listen("127.0.0.1", 0, null);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A client that has not said anything. */
    LineClient client() throws IOException {
        return new LineClient(address);
    }

    @Override
    public void close() {
        broker.close();
    }
}
