package io.leafd.jetstream;

import io.leafd.broker.Broker;
import io.leafd.broker.InternalClient;
import io.leafd.broker.MessageHandler;
import io.leafd.broker.account.Account;
import io.leafd.broker.interest.InterestListener;
import io.leafd.broker.interest.Subscription;
import io.leafd.jetstream.api.AccountPort;
import io.leafd.jetstream.api.Outlet;
import io.leafd.protocol.Message;
import io.leafd.protocol.Subject;
import io.leafd.store.loop.StoreLoop;

/**
 * JetStream's place in an account of the real broker: an internal client, and one on each event loop for answers. Any thread.
 */
final class BrokerPort implements AccountPort {
    private final Broker broker;
    private final InternalClient client;
    private final InternalClient[] answering;
    private final StoreLoop loop;
    private final Departures departures;

    BrokerPort(Broker broker, Account account, String name, StoreLoop loop) {
        this.broker = broker;
        this.client = broker.internalClient(account, name);
        this.answering = new InternalClient[broker.loops().count()];
        for (int i = 0; i < answering.length; i++) {
            answering[i] = broker.internalClient(account, name, i);
        }
        this.loop = loop;
        this.departures = new Departures(loop);
    }

    @Override
    public void publish(Message message) {
        loop.afterCommit(() -> publishNow(message));
    }

    @Override
    public void publishNow(Message message) {
        departures.publish(client, message, null);
    }

    @Override
    public void answer(Message message, int eventLoop) {
        departures.publish(answering[eventLoop], message, null);
    }

    @Override
    public boolean writable() {
        return client.writable();
    }

    @Override
    public boolean hasInterest(Subject subject) {
        return client.account().hasInterest(subject);
    }

    @Override
    public Runnable subscribe(String filter, MessageHandler handler) {
        Subscription subscription = client.subscribe(filter, null, handler);
        return () -> client.unsubscribe(subscription);
    }

    @Override
    public Outlet outlet(String name) {
        return new BrokerOutlet(broker.internalClient(client.account(), name), departures);
    }

    @Override
    public void listen(InterestListener listener) {
        client.account().listen(listener);
    }
}
