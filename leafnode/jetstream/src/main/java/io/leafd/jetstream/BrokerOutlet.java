package io.leafd.jetstream;

import io.leafd.broker.InternalClient;
import io.leafd.jetstream.api.Outlet;
import io.leafd.protocol.Message;
import io.leafd.protocol.Subject;
import org.jspecify.annotations.Nullable;

/** An internal client of the real broker as a way out. Any thread. */
final class BrokerOutlet implements Outlet {
    private final InternalClient client;
    private final Departures departures;

    BrokerOutlet(InternalClient client, Departures departures) {
        this.client = client;
        this.departures = departures;
    }

    @Override
    public void publish(Message message, @Nullable Subject route) {
        departures.publish(client, message, route);
    }

    @Override
    public void hold(long bytes) {
        client.hold(bytes);
    }

    @Override
    public void release(long bytes) {
        client.release(bytes);
    }

    @Override
    public boolean writable() {
        return client.writable();
    }

    @Override
    public void onWritable(Runnable action) {
        client.onWritable(action);
    }

    @Override
    public void close() {
        client.close();
    }
}
