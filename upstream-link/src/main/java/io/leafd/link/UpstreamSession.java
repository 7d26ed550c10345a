package io.leafd.link;

import io.leafd.broker.account.Account;
import io.leafd.broker.net.ServerIdentity;
import io.leafd.protocol.LeafFault;
import io.leafd.protocol.LeafFrames;
import io.leafd.protocol.MessageView;
import io.leafd.protocol.Subject;
import io.leafd.protocol.json.JsonException;
import io.leafd.security.login.Claim;
import io.leafd.security.permission.LeafPermissions;
import io.leafd.security.permission.Permissions;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A leaf connection that this server dialled. Owned by its event loop.
 *
 * <pre>
 *   GREETING ──INFO──▶ [TLS] ──CONNECT sent──▶ ASKING ──INFO{connect_info}──▶ JOINED
 * </pre>
 *
 * <p>No interest is told before the upstream has answered CONNECT, because that answer holds the permissions, and interest
 * outside of them closes the connection. An upstream that does not announce such an answer is joined at once.
 *
 * <p>Compression is declined by not answering to its offer. Source: observed on nats-server 2.15.2.
 */
final class UpstreamSession extends LeafSession {
    private static final Logger LOG = LoggerFactory.getLogger(UpstreamSession.class);
    private static final int PAYLOAD_MAX_BYTES = 64 << 20;
    private static final long ERROR_FRESH_NS = Duration.ofSeconds(5).toNanos();
    private static final Pattern VIOLATION =
            Pattern.compile("Permissions Violation for (Publish|Subscription) to \"(.*)\".*");

    private final UpstreamAttempt attempt;
    private final Answers responses;
    private volatile long bytesPerSecond; // most that is sent, 0 for no bound
    private Phase phase = Phase.GREETING;
    private LeafWire.@Nullable Timer deadline;
    private long askedNs;
    private @Nullable LeafInfo greeting;
    private Permissions told = Permissions.ALL;
    private @Nullable LinkFailure failure;
    private @Nullable LinkFailure lastError;
    private long lastErrorNs;

    private enum Phase {
        GREETING,
        SECURING,
        ASKING,
        JOINED
    }

    UpstreamSession(LeafServer server, LeafWire wire, LinkCounters counters, UpstreamAttempt attempt) {
        super(server, wire, counters, server.context().limits().payloadMaxBytes());
        this.attempt = attempt;
        this.bytesPerSecond = attempt.bytesPerSecond().getAsLong();
        this.responses = new Answers(Math.max(1, plan().wishes().responsesMax()), Answers.EXPIRY);
    }

    private UpstreamPlan plan() {
        return attempt.plan();
    }

    @Override
    public void onOpen() {
        wire().rate(bytesPerSecond);
        if (plan().tls().first() && !wire().encrypted()) {
            startTls();
        } else {
            awaitInfo();
        }
    }

    private void awaitInfo() {
        phase = Phase.GREETING;
        within(attempt.times().infoNs(), "the upstream said nothing", null);
    }

    private void startTls() {
        boolean first = phase == Phase.GREETING && greeting == null;
        phase = Phase.SECURING;
        stopClock();
        long maxNs = attempt.times().tlsNs();
        wire().startTls(plan().tls().newEngine(attempt.url()), maxNs, cause -> {
            if (cause != null) {
                fail(TlsFailures.explain(cause, attempt.url()), null);
            } else if (first) {
                awaitInfo();
            } else {
                ask();
            }
        });
    }

    // --- greeting ---

    @Override
    public void onInfo(byte[] buf, int offset, int length) {
        LeafInfo info;
        try {
            info = LeafInfo.parse(buf, offset, length);
        } catch (JsonException e) {
            fail(LinkFailure.protocol("INFO is no JSON object: " + e.getMessage()), null);
            return;
        }
        if (plan().discover() && !info.leafUrls().isEmpty()) {
            attempt.events().discovered(info.leafUrls());
        }
        switch (phase) {
            case GREETING -> onGreeting(info);
            case SECURING -> fail(LinkFailure.protocol("INFO in the midst of the TLS handshake"), null);
            case ASKING -> {
                if (info.connectInfo()) {
                    join(info);
                }
            }
            case JOINED -> onLaterInfo(info);
        }
    }

    private void onGreeting(LeafInfo info) {
        if (info.clientId() == 0 || !info.leafPort()) {
            fail(
                    LinkFailure.protocol(
                            attempt.url() + " is no leaf-node port; name the port of leafnodes, usually 7422"),
                    null);
            return;
        }
        greeting = info;
        if (info.tlsRequired() && !wire().encrypted() && !attempt.url().scheme().webSocket()) {
            startTls();
        } else if (attempt.url().scheme().encrypted() && !wire().encrypted()) {
            fail(
                    LinkFailure.configuration("the upstream offers no TLS at " + attempt.url()
                            + "; without TLS its url begins with nats://"),
                    null);
        } else {
            ask();
        }
    }

    private void ask() {
        LeafInfo info = Objects.requireNonNull(greeting);
        if (attempt.secret().signs() && info.nonce() == null) {
            fail(LinkFailure.protocol("the upstream sent no nonce to sign"), null);
            return;
        }
        phase = Phase.ASKING;
        askedNs = System.nanoTime();
        wire().control(LeafFrames.connect(connect(info).toJson()));
        attempt.secret().close();
        if (info.infoOnConnect()) {
            within(
                    attempt.times().acceptNs(),
                    "the upstream did not answer CONNECT",
                    "Stale Leaf Node Connection - Closing");
        } else {
            join(info);
        }
    }

    private LeafConnect connect(LeafInfo info) {
        ServerIdentity identity = server().identity();
        Account account = plan().account();
        String domain = server().domainOf(account);
        Claim claim = attempt.secret().claim(info.nonce());
        return new LeafConnect(
                identity.version(),
                identity.serverId(),
                identity.serverName(),
                server().clusterName(),
                account.name(),
                domain == null ? "" : domain,
                domain != null,
                false,
                plan().wishes().isolate(),
                true,
                List.of(),
                "",
                "",
                claim,
                attempt.secret().jwt());
    }

    private void join(LeafInfo info) {
        stopClock();
        phase = Phase.JOINED;
        LeafInfo first = Objects.requireNonNull(greeting);
        Account account = plan().account();
        String theirs = first.domain();
        String ours = server().domainOf(account);
        if (ours != null && first.jetStream() && ours.equals(theirs)) {
            LOG.warn(
                    "the upstream has the JetStream domain of this server, so neither reaches the other's streams link={}"
                            + " domain={}; set [jetstream] domain to another name",
                    plan().name(),
                    ours);
        }
        int payloadMaxBytes = first.maxPayloadBytes() > 0 ? first.maxPayloadBytes() : Integer.MAX_VALUE;
        parser().payloadMaxBytes(Math.clamp(
                first.maxPayloadBytes(), server().context().limits().payloadMaxBytes(), PAYLOAD_MAX_BYTES));
        var peer = new LeafPeer(
                first.serverName(),
                first.version(),
                first.cluster() == null ? "" : first.cluster(),
                theirs,
                info.remoteAccount() == null ? "" : info.remoteAccount(),
                first.headers(),
                payloadMaxBytes,
                false);
        told = info.permissions() == null ? Permissions.ALL : info.permissions();
        establish(new LeafBinding(account, peer, currentPermissions(theirs), true));
        long rttNs = first.infoOnConnect() ? System.nanoTime() - askedNs : 0;
        pings().start(plan().timing().pingInterval(), rttNs);
        attempt.events().accepted(this);
    }

    private void onLaterInfo(LeafInfo info) {
        LeafBinding now = binding();
        if (info.permissions() != null && now != null) {
            LOG.info("the upstream has changed the permissions link={}", plan().name());
            told = info.permissions();
            permissions(currentPermissions(now.peer().domain()));
            attempt.events().permissionsChanged();
        }
    }

    /** The configured rules have changed. */
    void rulesChanged() {
        LeafBinding now = binding();
        if (now != null) {
            permissions(currentPermissions(now.peer().domain()));
        }
    }

    private LinkPermissions currentPermissions(@Nullable String theirDomain) {
        return LinkPermissions.ofUpstream(
                attempt.rules().get(),
                new LeafPermissions(told),
                JetStreamBorder.between(server().domainOf(plan().account()), theirDomain),
                attempt.refused());
    }

    /** The configured rate has changed. */
    void rate(long changed) {
        bytesPerSecond = changed;
        wire().rate(changed);
    }

    /** With a rate, what it sends in two seconds: a live message that would come later is better dropped than old. */
    @Override
    long liveMaxBytes() {
        long rate = bytesPerSecond;
        return rate == 0 ? LIVE_MAX_BYTES : Math.clamp(2 * rate, LIVE_MIN_BYTES, LIVE_MAX_BYTES);
    }

    // --- what may cross ---

    @Override
    boolean mayTake(LeafBinding now, byte[] buf, int offset, int length) {
        LinkRule rule = now.permissions().in(buf, offset, length);
        if (rule.origin() == LinkRule.Origin.LIST && !rule.allows() && expectsAnswer(buf, offset, length)) {
            rule = now.permissions().answerIn(buf, offset, length);
        }
        if (!rule.allows()) {
            refusals()
                    .note(
                            Refusals.Direction.IN,
                            Subject.copyOf(buf, offset, length).toString(),
                            rule);
        }
        return rule.allows();
    }

    @Override
    boolean isUpstream() {
        return true;
    }

    @Override
    boolean mayWant(Subject filter, @Nullable Subject queue) {
        return true; // each message is judged
    }

    @Override
    void asked(LeafBinding now, MessageView message) {
        super.asked(now, message);
        if (plan().wishes().responsesMax() > 0) {
            responses.asked(Subject.copyOf(message.buf, message.replyOffset, message.replyLength), System.nanoTime());
        }
    }

    @Override
    boolean mayAnswer(LinkRule rule, byte[] buf, int offset, int length) {
        return rule.origin() == LinkRule.Origin.PEER
                && plan().wishes().responsesMax() > 0
                && responses.use(Subject.copyOf(buf, offset, length), System.nanoTime());
    }

    // --- errors and the end ---

    @Override
    public void onConnect(byte[] buf, int offset, int length) {
        fail(LinkFailure.protocol("the upstream sent CONNECT, which only the dialling side does"), null);
    }

    @Override
    void onEarlyFrame() {
        fail(LinkFailure.protocol("the upstream sent interest or messages before it accepted us"), null);
    }

    @Override
    public void onError(String text) {
        LinkFailure error = LinkFailure.ofError(text);
        LOG.warn("upstream reports an error link={} url={} error=\"{}\"", plan().name(), attempt.url(), text);
        lastError = error;
        lastErrorNs = System.nanoTime();
        Matcher violation = VIOLATION.matcher(text);
        if (violation.matches()) {
            attempt.events().violated(violation.group(1).equals("Publish"), violation.group(2));
        }
        if (error.kind() == LinkFailure.Kind.LOOP) {
            fail(error, null);
        }
    }

    @Override
    void onLoop() {
        failure = new LinkFailure(
                LinkFailure.Kind.LOOP, "this server is connected to itself through its leaf connections");
        super.onLoop();
    }

    @Override
    void onStale() {
        failure = LinkFailure.timeout("the upstream is gone: nothing came back for a ping");
    }

    @Override
    @Nullable
    String farewell(LeafFault fault) {
        if (failure == null) {
            failure = LinkFailure.protocol("the upstream sent what no leaf node sends: " + fault);
        }
        return super.farewell(fault);
    }

    @Override
    public void onClosed(@Nullable Throwable cause) {
        super.onClosed(cause);
        stopClock();
        attempt.secret().close();
        attempt.events().ended(reason(cause));
    }

    private LinkFailure reason(@Nullable Throwable cause) {
        if (failure != null) {
            return failure;
        }
        if (lastError != null && System.nanoTime() - lastErrorNs < ERROR_FRESH_NS) {
            return lastError;
        }
        if (cause != null && cause.getMessage() != null) {
            return LinkFailure.network(cause.getMessage());
        }
        return LinkFailure.network(
                switch (phase) {
                    case GREETING -> "the upstream closed the connection before it said anything";
                    case SECURING -> "the upstream closed the connection during the TLS handshake";
                    case ASKING -> "the upstream closed the connection instead of accepting us";
                    case JOINED -> "the connection was closed";
                });
    }

    private void fail(LinkFailure why, @Nullable String farewell) {
        if (failure == null) {
            failure = why;
        }
        stopClock();
        wire().hangUp(farewell);
    }

    private void within(long limitNs, String otherwise, @Nullable String farewell) {
        stopClock();
        String text = otherwise + " within " + limitNs / 1_000_000 + " ms";
        deadline = wire().after(limitNs, () -> fail(LinkFailure.timeout(text), farewell));
    }

    private void stopClock() {
        if (deadline != null) {
            deadline.cancel();
            deadline = null;
        }
    }
}
