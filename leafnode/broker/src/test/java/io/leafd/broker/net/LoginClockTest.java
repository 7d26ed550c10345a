package io.leafd.broker.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.leafd.broker.account.Account;
import io.leafd.broker.account.Accounts;
import io.leafd.security.login.Password;
import io.leafd.security.login.Proof;
import io.leafd.security.login.User;
import io.leafd.security.login.UserDirectory;
import io.leafd.security.permission.Permissions;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections that never become clients, on a clock that the test turns. */
class LoginClockTest {
    private static final String TIMEOUT = "-ERR 'Authentication Timeout'\r\n";
    private static final byte[] HALF_A_HELLO = {0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00};
    private static final UserDirectory OPEN = UserDirectory.open(Accounts.GLOBAL);
    private static final UserDirectory CLOSED = UserDirectory.of(
            List.of(new User(
                    "u",
                    Accounts.GLOBAL,
                    List.of(new Proof.ByPassword(Password.stored("secret", "test"))),
                    Permissions.ALL,
                    Set.of())),
            null);

    private final EventLoops loops = new EventLoops(1);
    private final EmbeddedChannel channel = new EmbeddedChannel();

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
        loops.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "CONNECT {\"user\":\"g", "PONG\r\n"})
    void whoSaysNothingToAnOpenServerHasHalfAMinute(String words) {
        accept(OPEN, limits(Duration.ofMinutes(2)), null);
        say(words);
        assertThat(heard()).startsWith("INFO ");

        pass(29_999);
        assertThat(heard()).isEmpty();
        assertThat(channel.isOpen()).isTrue();

        pass(1);
        assertThat(heard()).isEqualTo(TIMEOUT);
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void tricklingBytesGainNoTime() {
        accept(OPEN, limits(Duration.ofMinutes(2)), null);
        heard();
        for (int second = 0; second < 30; second++) {
            say(second == 0 ? "CONNECT {" : " ");
            pass(1_000);
        }

        assertThat(channel.isOpen()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"CONNECT {\"verbose\":false}\r\n", "SUB a 1\r\n", "PING\r\n"})
    void whoSaidOneThingMayListen(String words) {
        accept(OPEN, limits(Duration.ofMinutes(2)), null);
        say(words);
        heard();

        pass(3_000);
        assertThat(heard()).isEqualTo("PING\r\n");
        say("PONG\r\n");

        pass(60_000);
        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    void whoMustLogInHasTheConfiguredTime() {
        accept(CLOSED, limits(Duration.ofMinutes(2)), null);
        heard();
        pass(1_999);
        assertThat(channel.isOpen()).isTrue();

        pass(1);
        assertThat(heard()).isEqualTo(TIMEOUT);
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void pingsDoNotWaitForTheLogin() {
        accept(OPEN, limits(Duration.ofSeconds(1)), null);
        heard();

        pass(1_000);
        assertThat(heard()).isEqualTo("PING\r\n");
        pass(1_000);
        assertThat(heard()).isEqualTo("PING\r\n");
        pass(1_000);
        assertThat(heard()).isEqualTo("-ERR 'Stale Connection'\r\n");
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void aSecondConnectBringsNoSecondTimer() {
        accept(OPEN, limits(Duration.ofMinutes(2)), null);
        say("CONNECT {\"verbose\":false}\r\nCONNECT {\"verbose\":false}\r\n");
        heard();

        pass(3_000);
        assertThat(heard()).isEqualTo("PING\r\n");
    }

    @Test
    void aConnectionThatIsGoneLeavesNothingOnTheLoop() {
        accept(OPEN, limits(Duration.ofMinutes(2)), null);
        channel.close();

        assertThat(channel.runScheduledPendingTasks()).isEqualTo(-1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void halfAHandshakeHasItsOwnTime(boolean first) {
        accept(OPEN, limits(Duration.ofMinutes(2)), new HalfTls(first, 500));
        assertThat(heard().isEmpty()).isEqualTo(first);
        channel.writeInbound(Unpooled.wrappedBuffer(HALF_A_HELLO));

        pass(499);
        assertThat(channel.isOpen()).isTrue();
        pass(1);
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void timeForTheLoginBeginsAfterTheHandshake() {
        accept(CLOSED, limits(Duration.ofMinutes(2)), new HalfTls(false, 10_000));
        channel.writeInbound(Unpooled.wrappedBuffer(HALF_A_HELLO));

        pass(9_999);
        assertThat(channel.isOpen()).isTrue();
        pass(1);
        assertThat(channel.isOpen()).isFalse();
    }

    /** Never comes so far that it would need a certificate. */
    private record HalfTls(boolean first, long handshakeMaxMs) implements ClientPort.Tls {
        @Override
        public SSLEngine newEngine() {
            try {
                SSLContext context = SSLContext.getInstance("TLS");
                context.init(null, null, null);
                SSLEngine engine = context.createSSLEngine();
                engine.setUseClientMode(false);
                return engine;
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public boolean clientCertificateRequired() {
            return false;
        }

        @Override
        public boolean certificateIsUser() {
            return false;
        }
    }

    private static ClientLimits limits(Duration pingInterval) {
        ClientLimits usual = ClientLimits.DEFAULTS;
        return new ClientLimits(
                usual.payloadMaxBytes(),
                usual.controlLineMaxBytes(),
                usual.pendingMaxBytes(),
                usual.connectionsMax(),
                usual.subscriptionsMax(),
                pingInterval,
                usual.pingMax(),
                usual.authTimeout(),
                usual.writeDeadline());
    }

    private void accept(UserDirectory users, ClientLimits limits, ClientPort.@Nullable Tls tls) {
        var server = new ServerContext(BrokerRig.IDENTITY, loops, users, limits, 0);
        server.accounts().add(new Account(Accounts.GLOBAL, false));
        var turn = new Turn(loops, 0, channel.eventLoop());
        channel.freezeTime();
        channel.pipeline().addLast(new ClientConnection(server, new ClientPort("h", 1, tls), turn, channel));
        channel.pipeline().fireChannelActive();
    }

    private void say(String words) {
        channel.writeInbound(Unpooled.copiedBuffer(words, StandardCharsets.US_ASCII));
    }

    private void pass(long ms) {
        channel.advanceTimeBy(ms, TimeUnit.MILLISECONDS);
        channel.runPendingTasks();
    }

    private String heard() {
        var text = new StringBuilder();
        for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
            text.append(out.toString(StandardCharsets.US_ASCII));
            out.release();
        }
        return text.toString();
    }
}
