package io.leafd.link;

import io.leafd.broker.account.Account;
import io.leafd.broker.net.ClientPort;
import io.leafd.broker.net.LoginDesk;
import io.leafd.broker.net.ServerInfo;
import io.leafd.link.budget.Meter;
import io.leafd.protocol.GoText;
import io.leafd.protocol.LeafFault;
import io.leafd.protocol.LeafFrames;
import io.leafd.protocol.MessageView;
import io.leafd.protocol.Subject;
import io.leafd.protocol.Subjects;
import io.leafd.protocol.json.JsonException;
import io.leafd.protocol.json.JsonWriter;
import io.leafd.security.login.ConnectionType;
import io.leafd.security.login.LoginRequest;
import io.leafd.security.login.LoginResult;
import io.leafd.security.login.User;
import io.leafd.security.permission.LeafPermissions;
import io.leafd.security.permission.ReplyGrants;
import io.leafd.security.permission.ResponseLimit;
import io.leafd.security.permission.SubjectRules;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A leaf connection that another server dialled: here we are the hub, unless the dialler claims that role. Owned by its
 * event loop.
 *
 * <pre>
 *   accept ─▶ INFO ─▶ [TLS] ─▶ waiting for CONNECT ─▶ login ─▶ INFO{connect_info}, LS+ … ─▶ joined
 * </pre>
 *
 * <p>What the leaf's user may not do closes the connection, as a leaf that keeps to the INFO would not have tried.
 * Compression is not offered. Source: observed on nats-server 2.15.2.
 */
final class InboundSession extends LeafSession {
    private static final Logger LOG = LoggerFactory.getLogger(InboundSession.class);
    private static final Duration PING_INTERVAL = Duration.ofSeconds(30);

    private final InboundLeafs leafs;
    private final LeafPort port;
    private final long id;
    private final String nonce;
    private LeafWire.@Nullable Timer deadline;
    private @Nullable LeafConnect connect;
    private @Nullable User user;
    private @Nullable LeafPermissions permissions;
    private @Nullable ReplyGrants grants;

    InboundSession(LeafServer server, LeafWire wire, InboundLeafs leafs, LeafPort port) {
        super(
                server,
                wire,
                LinkCounters.of("leaf " + wire.remote(), Meter.unbounded()),
                server.context().limits().payloadMaxBytes());
        this.leafs = leafs;
        this.port = port;
        this.id = server.context().nextId();
        this.nonce = server.context().names().nonce();
    }

    long id() {
        return id;
    }

    /** The leaf as the box owner sees it, null before it has joined. Any thread. */
    InboundLeafs.@Nullable Status status() {
        LeafBinding joined = binding();
        return joined == null
                ? null
                : new InboundLeafs.Status(
                        id,
                        joined.peer().name(),
                        joined.peer().version(),
                        wire().remote(),
                        joined.account().name(),
                        joined.peer().account(),
                        joined.spoke(),
                        pings().rttNs(),
                        interest(),
                        LinkStatus.Traffic.of(traffic()));
    }

    // --- greeting ---

    @Override
    public void onOpen() {
        if (leafs.size() >= port.connectionsMax()) {
            LOG.warn("leaf refused, max_connections reached max={} remote={}", port.connectionsMax(), wire().remote());
            wire().hangUp("maximum connections exceeded");
            return;
        }
        leafs.opened(this);
        ClientPort.Tls tls = port.tcp().tls();
        if (tls == null) {
            greet();
            startClock();
        } else {
            if (!tls.first()) {
                greet();
            }
            wire().startTls(
                            tls.newEngine(),
                            Duration.ofMillis(tls.handshakeMaxMs()).toNanos(),
                            cause -> {
                                if (cause != null) {
                                    note("reason=\"TLS handshake failed\" cause="
                                            + cause.getClass().getSimpleName());
                                    wire().hangUp(null);
                                    return;
                                }
                                if (tls.first()) {
                                    greet();
                                }
                                startClock();
                            });
        }
    }

    private void startClock() {
        long loginMaxNs = server().context().limits().authTimeout().toNanos();
        deadline = wire().after(loginMaxNs, () -> wire().hangUp("Authentication Timeout"));
    }

    private void greet() {
        JsonWriter json = info().field("nonce", nonce).field("compression", "off");
        wire().control(LeafFrames.info(end(json) + " "));
    }

    private JsonWriter info() {
        JsonWriter json = ServerInfo.begin(server().context(), port.tcp(), true);
        String domain = server().identity().domain();
        if (domain != null) {
            json.field("domain", domain);
        }
        return json.field("client_id", id);
    }

    private String end(JsonWriter json) {
        return json.field("api_lvl", 5)
                .field("info_on_connect", true)
                .array("leafnode_urls")
                .end()
                .end()
                .toString();
    }

    // --- login ---

    @Override
    public void onConnect(byte[] buf, int offset, int length) {
        LeafConnect said;
        try {
            said = LeafConnect.parse(buf, offset, length);
        } catch (JsonException unreadable) {
            note("reason=\"its CONNECT is not understood\""); // the parser's words may quote a password
            wire().hangUp(null);
            return;
        }
        String contradiction = connect != null ? LoginResult.VIOLATION : contradiction(said);
        if (contradiction != null) {
            refuse(contradiction, "name=" + said.name());
            return;
        }
        connect = said;
        var request = new LoginRequest(
                ConnectionType.LEAFNODE, said.claim(), nonce, wire().peerCertificate(certificateIsUser()));
        var attempt = new LoginDesk.Attempt(server().context().users(), request, address(), () -> !wire().closed());
        LoginResult atOnce = server().context()
                .loginDesk()
                .decide(
                        attempt,
                        result -> wire().turn().loop().execute(() -> {
                            decide(result, said);
                            wire().turn().end();
                        }));
        if (atOnce != null) {
            decide(atOnce, said);
        }
    }

    private boolean certificateIsUser() {
        ClientPort.Tls tls = port.tcp().tls();
        return tls != null && tls.certificateIsUser();
    }

    private @Nullable String contradiction(LeafConnect said) {
        if (!said.lang().isEmpty()) {
            return "attempted to connect to leaf node port";
        }
        if (!said.gateway().isEmpty()) {
            return "Rejecting connection from gateway " + GoText.quote(said.gateway()) + " on the leafnode port";
        }
        if (said.cluster().indexOf(' ') >= 0) {
            return "cluster name cannot contain spaces";
        }
        if (said.cluster().equals("_")) {
            return "cluster name is reserved";
        }
        if (!said.cluster().isEmpty() && said.cluster().equals(server().clusterName())) {
            return "remote leafnode has same cluster name";
        }
        return null;
    }

    private void decide(LoginResult result, LeafConnect said) {
        if (wire().closed()) {
            return;
        }
        switch (result) {
            case LoginResult.Accepted(User accepted) -> {
                Account account = server().context().accounts().find(accepted.accountName());
                if (account == null) { // removed by a reload since the users were read
                    refuse(LoginResult.VIOLATION, "name=" + said.name());
                } else {
                    join(said, accepted, account);
                }
            }
            case LoginResult.Refused(LoginResult.Reason reason) -> {
                refuse(reason.answer(), "name=" + said.name() + " reason=" + reason + " claim=" + said.claim());
            }
        }
    }

    private void refuse(String answer, String detail) {
        note("answer=\"" + answer + "\" " + detail);
        wire().hangUp(answer);
    }

    /** Tells the box owner of a leaf that did not get in. */
    private void note(String why) {
        server().context().refusals().refused(address(), wire().turn().loop(), "peer=leaf " + why);
    }

    /** The leaf's address without its port. */
    private String address() {
        String remote = wire().remote();
        return remote.substring(0, Math.max(0, remote.lastIndexOf(':')));
    }

    private void join(LeafConnect said, User accepted, Account account) {
        stopClock();
        user = accepted;
        var limits = new LeafPermissions(accepted.permissions());
        permissions = limits;
        ResponseLimit responses = accepted.permissions().responses();
        grants = responses == null ? null : new ReplyGrants(responses);
        evict(leafs.joined(this, said, account.name()));
        wire().control(LeafFrames.info(welcome(accepted, account) + " "));
        var peer = new LeafPeer(
                said.name().isEmpty() ? said.serverId() : said.name(),
                said.version(),
                said.cluster(),
                said.domain().isEmpty() ? null : said.domain(),
                said.remoteAccount(),
                said.headers(),
                Integer.MAX_VALUE,
                said.isolate());
        JetStreamBorder border = JetStreamBorder.between(
                server().domainOf(account), said.domain().isEmpty() ? null : said.domain());
        establish(new LeafBinding(
                account, peer, LinkPermissions.ofLeaf(limits, said.deniedExports(), border), said.hub()));
        pings().start(PING_INTERVAL, 0);
        LOG.info(
                "leaf connected name={} remote={} user={} account={} remote_account={}",
                peer.name(),
                wire().remote(),
                accepted.name(),
                account.name(),
                said.remoteAccount());
    }

    private void evict(@Nullable InboundSession old) {
        if (old != null && old != this) {
            LOG.warn(
                    "leaf has connected again, closing its older connection remote={}",
                    old.wire().remote());
            old.wire().turn().loop().execute(() -> old.wire().hangUp("Duplicate Remote LeafNode Connection"));
        }
    }

    private String welcome(User accepted, Account account) {
        JsonWriter json = info().field("connect_info", true).field("remote_account", account.name());
        rules(json, "import", accepted.permissions().subscribe());
        rules(json, "export", accepted.permissions().publish());
        return end(json);
    }

    private static void rules(JsonWriter json, String name, SubjectRules rules) {
        if (rules.allow().isEmpty() && rules.deny().isEmpty()) {
            return;
        }
        json.object(name);
        if (!rules.allow().isEmpty()) {
            json.tree("allow", rules.allow());
        }
        if (!rules.deny().isEmpty()) {
            json.tree("deny", rules.deny());
        }
        json.end();
    }

    // --- what the leaf may do ---

    @Override
    boolean mayTake(LeafBinding now, byte[] buf, int offset, int length) {
        if (!now.permissions().in(buf, offset, length).allows()) {
            return false; // JetStream's border: in silence
        }
        LeafPermissions limits = permissions;
        if (limits == null || limits.mayPublish(buf, offset, offset + length)) {
            return true;
        }
        String subject = Subject.copyOf(buf, offset, length).toString();
        if (grants != null && grants.use(subject, System.nanoTime())) {
            return true;
        }
        violate("Publish", subject);
        return false;
    }

    @Override
    boolean isUpstream() {
        return false;
    }

    @Override
    boolean mayWant(Subject filter, @Nullable Subject queue) {
        LeafPermissions limits = permissions;
        LeafConnect said = connect;
        String text = filter.toString();
        if (text.startsWith(LoopIds.PREFIX)) {
            return true;
        }
        boolean denied = said != null && said.deniedExports().stream().anyMatch(d -> Subjects.isSubset(text, d));
        boolean valid = Subjects.isValidFilter(filter.bytes(), 0, filter.length());
        boolean allowed = limits == null || limits.maySubscribe(text, queue == null ? null : queue.toString());
        if (denied || (valid && !allowed)) {
            violate("Subscription", text);
            return false;
        }
        return true;
    }

    private void violate(String what, String subject) {
        LOG.warn(
                "leaf did what its user may not, closing it remote={} user={} what={} subject={}",
                wire().remote(),
                user == null ? "" : user.name(),
                what,
                subject);
        wire().hangUp("Permissions Violation for " + what + " to " + GoText.quote(subject));
    }

    @Override
    void asks(MessageView message) {
        if (grants == null) {
            return;
        }
        String reply = Subject.copyOf(message.buf, message.replyOffset, message.replyLength)
                .toString();
        wire().turn()
                .loop()
                .execute(
                        () -> { // queued before the request is handed over, so before any answer can arrive
                            if (grants != null) {
                                grants.delivered(reply, System.nanoTime());
                            }
                        });
    }

    // --- frames out of order, and the end ---

    @Override
    public void onInfo(byte[] buf, int offset, int length) {
        if (binding() == null) {
            onEarlyFrame();
        }
    }

    @Override
    public void onPing() {
        if (binding() == null) {
            onEarlyFrame();
        } else {
            super.onPing();
        }
    }

    @Override
    public void onPong() {
        if (binding() == null) {
            onEarlyFrame();
        } else {
            super.onPong();
        }
    }

    @Override
    void onEarlyFrame() {
        if (!wire().closed()) {
            refuse(LoginResult.VIOLATION, "");
        }
    }

    @Override
    public void onError(String text) {
        if (binding() == null) {
            note("error=\"" + text + "\"");
        } else {
            LOG.warn("leaf reports an error remote={} error=\"{}\"", wire().remote(), text);
        }
    }

    @Override
    @Nullable
    String farewell(LeafFault fault) {
        return binding() == null ? LoginResult.VIOLATION : super.farewell(fault);
    }

    @Override
    public void onClosed(@Nullable Throwable cause) {
        super.onClosed(cause);
        stopClock();
        LeafBinding joined = binding();
        leafs.closed(this, connect, joined == null ? null : joined.account().name());
        if (joined != null) {
            LOG.info("leaf is gone name={} remote={}", joined.peer().name(), wire().remote());
        }
    }

    private void stopClock() {
        if (deadline != null) {
            deadline.cancel();
            deadline = null;
        }
    }
}
