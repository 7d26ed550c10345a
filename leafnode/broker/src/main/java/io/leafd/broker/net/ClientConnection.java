package io.leafd.broker.net;

import io.leafd.broker.account.Account;
import io.leafd.broker.interest.Delivery;
import io.leafd.broker.interest.Receiver;
import io.leafd.broker.interest.Subscription;
import io.leafd.protocol.FrameParser;
import io.leafd.protocol.FrameSink;
import io.leafd.protocol.GoText;
import io.leafd.protocol.MessageView;
import io.leafd.protocol.ProtocolError;
import io.leafd.protocol.Subject;
import io.leafd.protocol.Subjects;
import io.leafd.protocol.json.JsonException;
import io.leafd.security.login.LoginResult;
import io.leafd.security.permission.Permissions;
import io.leafd.security.permission.ReplyGrants;
import io.leafd.security.permission.ResponseLimit;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One NATS client: its reaction to its own frames, and the end of its subscriptions. Owned by the client's event loop, but
 * for {@link #deliver}, which runs on the publisher's.
 *
 * <pre>
 *   accept ─▶ INFO ─▶ [TLS] ─▶ waiting for CONNECT ─▶ {@link ClientLogin} ─▶ ready ─▶ closed
 * </pre>
 *
 * Until the login there is no {@link Session}; other loops see it through one volatile field, and a delivery that finds
 * none is not taken. A second CONNECT drops all subscriptions and logs in anew.
 */
public final class ClientConnection extends Connection implements FrameSink, Receiver {
    private static final Logger LOG = LoggerFactory.getLogger(ClientConnection.class);

    private static final int ENDED_AT_A_TIME = 512;

    private final ServerContext server;
    private final ClientPort port;
    private final long id;
    private final ClientLimits limits;
    private final FrameParser parser;
    private final ClientLogin login;
    private final PingTimer pings;
    private final ClientStats stats;
    private SidTable subscriptions = new SidTable();
    private volatile @Nullable Session session;
    private @Nullable ReplyGrants grants;
    private @Nullable Subject
            allowed; // what the permissions let through last: a device publishes the same again and again
    private volatile int subscriptionCount;
    private boolean ponged; // whether it may get an INFO at any time

    ClientConnection(ServerContext server, ClientPort port, Turn turn, Channel channel) {
        super(turn, channel, server.loops().count(), server.limits().outboxBounds());
        this.server = server;
        this.port = port;
        this.id = server.nextId();
        this.limits = server.limits();
        this.parser = new FrameParser(this, limits.controlLineMaxBytes(), limits.payloadMaxBytes());
        this.login = new ClientLogin(server, port, this);
        this.pings =
                new PingTimer(turn.loop(), limits.pingInterval(), limits.pingMax(), () -> sendNow("PING\r\n"), () -> {
                    LOG.info("client is stale, closing it id={} remote={}", id, remoteHost());
                    close("Stale Connection");
                    turn.end();
                });
        this.stats = new ClientStats(server.loops().count(), System.currentTimeMillis());
    }

    /** Its number, unique in this process. Any thread. */
    public long id() {
        return id;
    }

    /** What monitoring shows of it. Any thread. */
    public ClientSnapshot snapshot() {
        return ClientSnapshot.of(this, session, stats, pings.rttNs(), subscriptionCount);
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        if (server.clients().size() >= limits.connectionsMax()) {
            server.refusals()
                    .refused(
                            remoteHost(),
                            turn().loop(),
                            "peer=client reason=\"max_connections reached\" max=" + limits.connectionsMax());
            send(firstInfo(null)); // clients read INFO before anything else, also before an error
            close("maximum connections exceeded");
            turn().end();
            return;
        }
        server.clients().put(id, this);
        server.totalConnections().incrementAndGet();
        pings.start();
        login.begin();
        turn().end();
    }

    /** What the INFO lines of this connection begin with. */
    String firstInfo(@Nullable String nonce) {
        return ServerInfo.first(server, port, id, remoteHost(), nonce);
    }

    // --- frames ---

    @Override
    protected int parse(byte[] buf, int start, int end) {
        int used = parser.parse(buf, start, end);
        pings.heard();
        stats.active(System.currentTimeMillis());
        return used;
    }

    @Override
    protected int wanted() {
        return parser.wanted();
    }

    @Override
    protected boolean waiting() {
        return super.waiting() || login.undecided();
    }

    @Override
    public boolean stopped() {
        return waiting();
    }

    @Override
    public boolean headers() {
        Session now = session;
        return now != null && now.options().headers();
    }

    @Override
    public void onConnect(byte[] buf, int offset, int length) {
        ConnectOptions options;
        try {
            options = ConnectOptions.parse(buf, offset, length);
        } catch (JsonException e) {
            LOG.debug("CONNECT is not understood id={}", id); // the cause may quote a password
            close(null);
            return;
        }
        dropSession();
        login.connect(options);
    }

    /** The login succeeded. */
    void onLogin(Session accepted) {
        boolean first = session == null && !ponged;
        ResponseLimit responses = accepted.permissions().responses();
        grants = responses == null ? null : new ReplyGrants(responses);
        session = accepted;
        allowed = null;
        accepted.account().connections().incrementAndGet();
        if (first) {
            pings.onLogin();
        }
        if (accepted.options().verbose() && accepted.connected()) {
            send("+OK\r\n");
        }
    }

    /** The login failed, was not tried, or took too long. */
    void onRefused(String error) {
        close(error);
        turn().end();
    }

    @Override
    public void onPing() {
        Session now = ready();
        if (now == null) {
            return;
        }
        turn().takeDeliveries(); // whoever heard another client's PONG finds here what that client had published
        send("PONG\r\n");
        if (!ponged) {
            ponged = true;
            if (now.options().protocol() >= 1) {
                send(ServerInfo.connected(server, port, id, remoteHost(), now));
            }
        }
    }

    @Override
    public void onPong() {
        pings.onPong();
    }

    @Override
    public void onSub(Subject subject, @Nullable Subject queue, byte[] sid) {
        Session now = ready();
        if (now == null) {
            return;
        }
        if (!Subjects.isValidFilter(subject.bytes(), 0, subject.length())) {
            refuse("Invalid Subject");
            return;
        }
        boolean reservedQueue = queue != null && queue.toString().equals("_sys_");
        if (reservedQueue
                || (!now.mayAll()
                        && !now.permissions()
                                .maySubscribe(subject.toString(), queue == null ? null : queue.toString()))) {
            LOG.info(
                    "subscription refused id={} user={} subject={} queue={}",
                    id,
                    now.user().name(),
                    subject,
                    queue);
            String using = queue == null ? "" : " using queue " + GoText.quote(queue);
            refuse("Permissions Violation for Subscription to " + GoText.quote(subject) + using);
            return;
        }
        if (subscriptions.get(sid) == null && !subscribe(now, new Subscription(this, subject, queue, sid, 1))) {
            refuse(SubscriptionMemory.REFUSED);
            return;
        }
        ok(now);
    }

    private boolean subscribe(Session now, Subscription subscription) {
        if (limits.subscriptionsMax() > 0 && subscriptions.size() >= limits.subscriptionsMax()) {
            return false;
        }
        SubscriptionMemory memory = server.subscriptionMemory();
        if (!memory.letsIn(subscription.line().length)) {
            memory.refuse("peer=client id=" + id + " remote=" + remoteHost());
            return false;
        }
        subscriptions.add(memory.hasPlenty() ? subscription : subscription.lean());
        subscriptionCount = subscriptions.size();
        now.account().subscribe(subscription);
        return true;
    }

    @Override
    public void onUnsub(byte[] sid, long max) {
        Session now = ready();
        if (now == null) {
            return;
        }
        Subscription subscription = subscriptions.get(sid);
        if (subscription != null) {
            subscription.limit(max);
            if (max == 0 || subscription.delivered() >= max) {
                drop(subscription);
            }
        }
        ok(now);
    }

    @Override
    public void onPub(MessageView message) {
        Session now = ready();
        if (now == null) {
            return;
        }
        stats.in(message.bodyLength);
        turn().countIn(message.bodyLength);
        if (now.options().pedantic() && !isPublishable(message)) {
            send("-ERR 'Invalid Publish Subject'\r\n");
        }
        if (!mayPublish(now, message)) {
            return;
        }
        ok(now);
        int taken = Fanout.deliver(turn(), now.account(), message, this);
        if (taken == 0 && message.replyLength > 0 && now.options().noResponders()) {
            answerNoResponders(now, message);
        }
        turn().endIfMuch();
    }

    @Override
    public void onPeerError() {
        close(null);
    }

    @Override
    public void onError(ProtocolError error) {
        LOG.info("client broke the protocol, closing it id={} remote={} error={}", id, remoteHost(), error);
        close(session == null && login.needed() ? LoginResult.VIOLATION : error.text());
    }

    // --- deliveries ---

    @Override
    public Kind kind() {
        return Kind.CLIENT;
    }

    @Override
    public boolean deliver(Subscription subscription, Delivery delivery) {
        Session now = session;
        if (now == null
                || closed()
                || (delivery.origin() == this && !now.options().echo())) {
            return false;
        }
        MessageView message = delivery.message();
        if (!now.mayAll() && message.route == null && !maySee(now, subscription, message)) {
            return false;
        }
        long number = subscription.count();
        if (number == 0) {
            return false;
        }
        Turn from = turn().sibling(delivery.loop());
        if (!append(from, message, subscription, now.options().headers())) {
            return false;
        }
        stats.out(delivery.loop(), message.bodyLength);
        from.countOut(message.bodyLength);
        if (number == subscription.max()) {
            turn().loop().execute(() -> drop(subscription));
        }
        if (message.replyLength > 0 && now.permissions().responses() != null) {
            grantReply(message);
        }
        if (!outbox().writable()) {
            outbox().slowDown(delivery.origin());
        }
        return true;
    }

    private boolean append(Turn from, MessageView message, Subscription subscription, boolean headers) {
        SharedTail shared = headers || message.headerLength == 0 ? from.shared() : null;
        int bytes = shared == null
                ? MessageFrames.bytesMax(message, subscription)
                : MessageFrames.headBytesMax(message, subscription);
        ByteBuf out = outbox().open(from, bytes);
        if (out == null) {
            return false;
        }
        if (shared == null) {
            MessageFrames.write(out, message, subscription, headers);
        } else {
            MessageFrames.writeHead(out, message, subscription, message.headerLength > 0);
            outbox().append(from, shared);
        }
        return true;
    }

    private static boolean maySee(Session now, Subscription subscription, MessageView message) {
        Subject queue = subscription.queue();
        int end = message.subjectOffset + message.subjectLength;
        return now.permissions()
                .mayDeliver(message.buf, message.subjectOffset, end, queue == null ? null : queue.toString());
    }

    private void grantReply(MessageView message) {
        Subject reply = message.reply();
        if (reply != null) { // queued before the delivery is handed over, so before any answer can arrive
            turn().handOver(() -> {
                if (grants != null) {
                    grants.delivered(reply.toString(), System.nanoTime());
                }
            });
        }
    }

    // --- life ---

    /** Tells a client that understands it that the server is about to stop. Any thread. */
    public void announceLameDuck() {
        turn().loop().execute(() -> {
            Session now = session;
            if (now != null && ponged && now.options().protocol() >= 1 && !closed()) {
                sendNow(ServerInfo.lameDuck(server, port, id, remoteHost()));
            }
        });
    }

    @Override
    protected void onSlowConsumer() {
        server.slowConsumers().increment();
        LOG.warn(
                "slow consumer, closing it id={} remote={} pending_bytes={}",
                id,
                remoteHost(),
                outbox().pendingBytes());
    }

    @Override
    protected void onClosed() {
        pings.stop();
        login.stop();
        dropSession();
        server.clients().remove(id, this);
    }

    private void dropSession() {
        Session old = session;
        if (old != null) {
            session = null;
            SidTable ended = subscriptions;
            subscriptions = new SidTable();
            subscriptionCount = 0;
            unsubscribe(old.account(), ended);
            old.account().connections().decrementAndGet();
        }
    }

    /** Ends all of a table; those of a connection that is closed some at a time, as others wait for this loop. */
    private void unsubscribe(Account account, SidTable ended) {
        ended.takeSome(closed() ? ENDED_AT_A_TIME : ended.size(), account::unsubscribe);
        if (turn().loop().isShuttingDown()) {
            return;
        }
        if (ended.size() > 0) {
            turn().loop().execute(() -> unsubscribe(account, ended));
        } else if (ended.isLarge()) {
            server.loops().forgetStale();
        }
    }

    private void drop(Subscription subscription) {
        Session now = session;
        if (now != null && subscriptions.remove(subscription)) {
            subscriptionCount = subscriptions.size();
            now.account().unsubscribe(subscription);
        }
    }

    /** The session, made for a client that need not log in; null if the connection was just closed for want of one. */
    private @Nullable Session ready() {
        if (session == null && !closed()) {
            login.withoutConnect();
        }
        return session;
    }

    private void ok(Session now) {
        if (now.options().verbose()) {
            send("+OK\r\n");
        }
    }

    private void refuse(String error) {
        send("-ERR '" + error + "'\r\n");
    }

    private boolean isPublishable(MessageView message) {
        return Subjects.isValidFilter(message.buf, message.subjectOffset, message.subjectLength)
                && Subjects.isLiteral(message.buf, message.subjectOffset, message.subjectLength);
    }

    private boolean mayPublish(Session now, MessageView m) {
        if (m.buf[m.subjectOffset] == '$' || m.buf[m.subjectOffset] == '_') {
            if (Reserved.subject(m.buf, m.subjectOffset, m.subjectLength)) {
                refusePublish(now, m.subject());
                return false;
            }
        }
        if (m.replyLength > 0 && Reserved.reply(m.buf, m.replyOffset, m.replyLength)) {
            Subject reply = Subject.copyOf(m.buf, m.replyOffset, m.replyLength);
            refuse("Permissions Violation for Publish with Reply of " + GoText.quote(reply));
            return false;
        }
        if (now.mayAll()) {
            return true;
        }
        Permissions permissions = now.permissions();
        Subject last = allowed;
        if (last != null && last.sameBytes(m.buf, m.subjectOffset, m.subjectLength)) {
            return true;
        }
        if (permissions.mayPublish(m.buf, m.subjectOffset, m.subjectOffset + m.subjectLength)) {
            allowed = m.subject();
            return true;
        }
        if (grants != null && grants.use(m.subject().toString(), System.nanoTime())) {
            return true;
        }
        refusePublish(now, m.subject());
        return false;
    }

    private void refusePublish(Session now, Subject subject) {
        LOG.info("publish refused id={} user={} subject={}", id, now.user().name(), subject);
        refuse("Permissions Violation for Publish to " + GoText.quote(subject));
    }

    /** {@code HMSG reply sid 38 38\r\nNATS/1.0 503\r\nNats-Subject: subject\r\n\r\n\r\n}, if the client listens to reply. */
    private void answerNoResponders(Session now, MessageView request) {
        Account account = now.account();
        for (Subscription plain : turn().match(account, request.buf, request.replyOffset, request.replyLength)
                .plain()) {
            if (plain.receiver() == this) {
                NoResponders.answer(turn(), request, plain);
                return;
            }
        }
    }
}
