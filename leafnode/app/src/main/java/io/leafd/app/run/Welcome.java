package io.leafd.app.run;

import io.leafd.app.config.LeafdConfig;
import java.net.InetSocketAddress;

/** What a person sees who starts leafd without a configuration. Pure. */
final class Welcome {
    private Welcome() {}

    static String text(LeafdConfig config, Wiring.Listening listening) {
        String clients = address(listening.clients());
        String monitoring = listening.http() == null ? "off" : "http://" + address(listening.http());
        return """

                leafd is running with its defaults.

                  NATS clients   nats://%s   (this machine only, nobody has to log in)
                  monitoring     %s
                  data           %s

                Try next:
                  nats --server nats://%s sub 'plant.>'
                  nats --server nats://%s pub plant.press.temp '21.5'
                  nats --server nats://%s kv add settings
                  ./leafd status
                  ./leafd demo             an outage, played through: nothing lost, nothing twice

                To link it to an upstream, write a leafd.toml (docs/configuration.md) and run
                  ./leafd run --config leafd.toml

                Stop it with Ctrl-C.
                """.formatted(
                        clients, monitoring, config.server().dataDir().toAbsolutePath(), clients, clients, clients);
    }

    private static String address(InetSocketAddress address) {
        return address.getAddress().getHostAddress() + ":" + address.getPort();
    }
}
