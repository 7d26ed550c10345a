package io.leafd.link.net;

import io.leafd.broker.Broker;
import io.leafd.broker.InternalClient;
import io.leafd.broker.account.Account;
import io.leafd.broker.net.ClientLimits;
import io.leafd.broker.net.EventLoops;
import io.leafd.broker.net.ServerContext;
import io.leafd.broker.net.ServerIdentity;
import io.leafd.link.LeafServer;
import io.leafd.link.LinkLogin;
import io.leafd.link.LinkRules;
import io.leafd.link.LinkTls;
import io.leafd.link.LinkUrl;
import io.leafd.link.UpstreamPlan;
import io.leafd.protocol.Message;
import io.leafd.protocol.Subject;
import io.leafd.security.login.UserDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/** A server of ours without listeners, whose only account is {@code A}. */
final class LeafRig implements AutoCloseable {
    final Broker broker;
    final LeafServer server;
    final Account account;
    final ScheduledExecutorService control = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("control").daemon().factory());

    LeafRig(String name, UserDirectory users) {
        this(name, users, Long.MAX_VALUE / 8);
    }

    /** With a bound for what subscriptions hold. */
    LeafRig(String name, UserDirectory users, long subscriptionsMaxBytes) {
        var identity = new ServerIdentity("N" + name, name, ServerIdentity.NATS_VERSION, "0.1", name + "-domain");
        var context =
                new ServerContext(identity, new EventLoops(2), users, ClientLimits.DEFAULTS, 0, subscriptionsMaxBytes);
        account = context.accounts().add(new Account("A", true));
        broker = new Broker(context);
        server = new LeafServer(context);
    }

    /** On a free port. */
    LeafListener listen() {
        try {
            return LeafListener.open(server, "127.0.0.1", 0, null, 16);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How to dial whoever listens on a port of loopback, without a login. */
    UpstreamPlan plan(int port, LinkRules rules) {
        return plan(port, rules, new LinkLogin.None(), UpstreamPlan.Wishes.NONE);
    }

    /** How to dial whoever listens on a port of loopback. */
    UpstreamPlan plan(int port, LinkRules rules, LinkLogin login, UpstreamPlan.Wishes wishes) {
        return new UpstreamPlan(
                "hq",
                List.of(LinkUrl.parse("nats://127.0.0.1:" + port)),
                false,
                login,
                LinkTls.ofSystem(),
                account,
                rules,
                UpstreamPlan.Timing.DEFAULT,
                wishes);
    }

    /** The texts of all messages that a new subscription gets, {@code subject>reply:payload} each. */
    List<String> subscribe(String filter, String... queue) {
        List<String> got = new CopyOnWriteArrayList<>();
        client().subscribe(filter, queue.length == 0 ? null : queue[0], delivery -> {
            Message message = delivery.message().toMessage();
            got.add(message.subject() + (message.reply() == null ? "" : ">" + message.reply()) + ":"
                    + new String(message.payload(), StandardCharsets.UTF_8));
            return true;
        });
        return got;
    }

    InternalClient client() {
        return broker.internalClient(account, "test");
    }

    static Message message(String subject, String payload) {
        return Message.of(Subject.of(subject), payload.getBytes(StandardCharsets.UTF_8));
    }

    static Message request(String subject, String reply, String payload) {
        return message(subject, payload).withReply(Subject.of(reply));
    }

    @Override
    public void close() {
        control.shutdownNow();
        broker.close();
    }
}
