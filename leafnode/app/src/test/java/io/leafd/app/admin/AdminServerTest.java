package io.leafd.app.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.leafd.app.admin.AdminException.Code;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdminServerTest {
    private final CountDownLatch release = new CountDownLatch(1);

    @TempDir
    private Path directory;

    private Path socket;
    private AdminServer server;

    @BeforeEach
    void open() throws IOException {
        socket = directory.resolve("admin.sock");
        Files.writeString(socket, "left by a leafd that was killed");
        server = AdminServer.open(
                socket,
                Map.of(
                        "echo", arguments -> Map.of("got", arguments),
                        "refuse",
                                arguments -> {
                                    throw new AdminException(
                                            Code.BAD_CONFIG, "leafd.toml:1:1: bad\nleafd.toml:2:1: worse");
                                },
                        "break",
                                arguments -> {
                                    throw new IllegalStateException("bug");
                                },
                        "hang",
                                arguments -> {
                                    try {
                                        release.await();
                                    } catch (InterruptedException e) {
                                        Thread.currentThread().interrupt();
                                    }
                                    return null;
                                }));
    }

    @AfterEach
    void close() {
        release.countDown();
        server.close();
    }

    private AdminClient client(Duration timeout) {
        return new AdminClient(socket, timeout);
    }

    private @Nullable Object ask(String verb) {
        return client(Duration.ofSeconds(10)).ask(verb, Map.of("subject", "a.\"b\"\n"));
    }

    private void assertRefused(String verb, Code code, String message) {
        assertThatThrownBy(() -> ask(verb))
                .isInstanceOfSatisfying(
                        AdminException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessageContaining(message);
    }

    @Test
    void answersEachCommandWithATree() {
        assertThat(ask("echo")).isEqualTo(Map.of("got", Map.of("subject", "a.\"b\"\n")));
    }

    @Test
    void onlyOwnerAndGroupMayAsk() throws IOException {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
                .isEqualTo("rw-rw----");
    }

    @Test
    void failuresKeepTheirCodeAndText() {
        assertRefused("refuse", Code.BAD_CONFIG, "leafd.toml:1:1: bad\nleafd.toml:2:1: worse");
        assertRefused("break", Code.FAILED, "internal error: java.lang.IllegalStateException: bug");
        assertRefused("dance", Code.FAILED, "does not know the command dance");
    }

    @Test
    void aCommandNeverWaitsForEver() {
        assertThatThrownBy(() -> client(Duration.ofMillis(50)).ask("hang", Map.of()))
                .isInstanceOfSatisfying(
                        AdminException.class, e -> assertThat(e.code()).isEqualTo(Code.TRY_AGAIN));
    }

    @Test
    void moreConnectionsThanThereIsRoomForAreClosed() throws IOException {
        List<SocketChannel> silent = new ArrayList<>();
        try {
            for (int i = 0; i < 4; i++) {
                silent.add(SocketChannel.open(UnixDomainSocketAddress.of(socket)));
            }
            assertRefused("echo", Code.NOT_REACHABLE, "leafd does not answer on");
            for (SocketChannel channel : silent) {
                channel.close();
            }
            await().ignoreExceptions().until(() -> ask("echo") != null);
        } finally {
            for (SocketChannel channel : silent) {
                channel.close();
            }
        }
    }

    @Test
    void nonsenseIsAnswered() throws IOException {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            channel.write(ByteBuffer.wrap("[1,2\n".getBytes(StandardCharsets.UTF_8)));
            assertThat(Line.read(channel)).startsWith("{\"ok\":false,\"code\":1,\"error\":\"bad request: ");
        }
    }

    @Test
    void whoeverAsksNobodyIsToldWhatToDo() {
        server.close();
        assertRefused("echo", Code.NOT_REACHABLE, "no leafd is running here");
    }

    @Test
    void aDeadSocketIsToldFromAMissingOne() throws IOException {
        server.close();
        Files.writeString(socket, "");
        assertRefused("echo", Code.NOT_REACHABLE, "nobody listens on");
    }
}
