package io.leafd.broker.net;

import io.leafd.broker.account.Account;
import io.leafd.security.login.Claim;
import io.leafd.security.login.ConnectionType;
import io.leafd.security.login.LoginRequest;
import io.leafd.security.login.LoginResult;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.ScheduledFuture;
import java.security.cert.X509Certificate;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How a connection becomes somebody: INFO, TLS, the time limit, CONNECT. Owned by the client's event loop.
 *
 * <p>Every refusal of credentials says {@code Authorization Violation} and nothing else to the peer; the reason is in our
 * own log. Nothing more is read while credentials are being checked.
 *
 * <p>A client that must log in has the configured time for it. One that need not has {@value #SILENT_MAX_MS} ms for its first whole
 * frame, or the configured time if that is longer: nats-server keeps such a connection for as long as it answers PINGs, but it is no
 * client, and takes the place of one. The clock starts when TLS, which has a limit of its own, is done.
 */
final class ClientLogin {
    static final long SILENT_MAX_MS = 30_000;

    private final ServerContext server;
    private final ClientPort port;
    private final ClientConnection client;
    private final @Nullable String nonce;
    private @Nullable SslHandler tls;
    private @Nullable ScheduledFuture<?> deadline;
    private boolean undecided;

    ClientLogin(ServerContext server, ClientPort port, ClientConnection client) {
        this.server = server;
        this.port = port;
        this.client = client;
        this.nonce = server.users().nonceNeeded() ? server.names().nonce() : null;
    }

    /** Greets the client and starts the clock. */
    void begin() {
        ClientPort.Tls certificates = port.tls();
        if (certificates != null && certificates.first()) {
            tls = client.upgrade(certificates.newEngine(), certificates.handshakeMaxMs());
            client.send(client.firstInfo(nonce));
        } else if (certificates != null) {
            client.send(client.firstInfo(nonce));
            client.turn().end(); // INFO is the last plain line
            tls = client.upgrade(certificates.newEngine(), certificates.handshakeMaxMs());
        } else {
            client.send(client.firstInfo(nonce));
        }
        if (tls == null) {
            startClock();
        } else {
            tls.handshakeFuture().addListener(done -> {
                if (done.isSuccess()) {
                    startClock();
                }
            });
        }
    }

    private void startClock() {
        long authMs = server.limits().authTimeout().toMillis();
        long limitMs = needed() ? authMs : Math.max(authMs, SILENT_MAX_MS);
        deadline = client.turn()
                .loop()
                .schedule(() -> client.onRefused("Authentication Timeout"), limitMs, TimeUnit.MILLISECONDS);
    }

    /** Whether a client must show credentials. */
    boolean needed() {
        return server.users().authRequired();
    }

    /** Whether a login is being decided elsewhere, so that the client's next frames must wait. */
    boolean undecided() {
        return undecided;
    }

    /** The client sent CONNECT. */
    void connect(ConnectOptions options) {
        String error = contradiction(options);
        if (error != null) {
            client.onRefused(error);
            return;
        }
        var attempt = new LoginDesk.Attempt(
                server.users(), request(options.claim()), client.remoteHost(), () -> !client.closed());
        LoginResult atOnce = server.loginDesk()
                .decide(
                        attempt,
                        result -> client.turn().loop().execute(() -> {
                            undecided = false;
                            decide(result, options);
                            client.goOn();
                            client.turn().end();
                        }));
        if (atOnce != null) {
            decide(atOnce, options);
        } else {
            undecided = true;
            client.stopReading();
        }
    }

    /** The client sent something else before CONNECT. */
    void withoutConnect() {
        LoginResult result = server.users().login(request(Claim.NOTHING));
        if (result instanceof LoginResult.Accepted accepted) {
            accept(accepted, ConnectOptions.NONE, false);
        } else {
            client.onRefused(LoginResult.VIOLATION);
        }
    }

    /** The connection is gone. */
    void stop() {
        if (deadline != null) {
            deadline.cancel(false);
            deadline = null;
        }
    }

    private static @Nullable String contradiction(ConnectOptions options) {
        if (options.account() != null && !options.account().isEmpty() || options.newAccount()) {
            return LoginResult.VIOLATION;
        }
        if (options.protocol() < 0 || options.protocol() > 1) {
            return "invalid client protocol";
        }
        if (options.noResponders() && !options.headers()) {
            return "no responders requires headers support";
        }
        return null;
    }

    private void decide(LoginResult result, ConnectOptions options) {
        if (client.closed()) {
            return;
        }
        switch (result) {
            case LoginResult.Accepted accepted -> accept(accepted, options, true);
            case LoginResult.Refused(LoginResult.Reason reason) -> {
                server.refusals()
                        .refused(
                                client.remoteHost(),
                                client.turn().loop(),
                                "peer=client reason=" + reason + " claim=" + options.claim());
                client.onRefused(reason.answer());
            }
        }
    }

    private void accept(LoginResult.Accepted accepted, ConnectOptions options, boolean connected) {
        Account account = server.accounts().find(accepted.user().accountName());
        if (account == null) { // removed by a reload since the users were read
            client.onRefused(LoginResult.VIOLATION);
            return;
        }
        stop();
        client.onLogin(Session.of(account, accepted.user(), options, connected));
    }

    private LoginRequest request(Claim claim) {
        return new LoginRequest(ConnectionType.STANDARD, claim, nonce == null ? "" : nonce, mappedCertificate());
    }

    private @Nullable X509Certificate mappedCertificate() {
        ClientPort.Tls certificates = port.tls();
        return tls == null || certificates == null || !certificates.certificateIsUser()
                ? null
                : ClientPort.peerCertificate(tls);
    }
}
