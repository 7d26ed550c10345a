package io.leafd.systemd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SdNotifyTest {
    private final AtomicLong nanoTime = new AtomicLong(5_000_000_000L);

    @TempDir
    private Path directory;

    private SdNotify notify(String socket) {
        return SdNotify.of(Map.of("NOTIFY_SOCKET", socket), nanoTime::get);
    }

    @Test
    void tellsAPathSocketEveryStateOfALife() {
        String socket = directory.resolve("notify").toString();
        try (DatagramPeer systemd = new DatagramPeer(socket)) {
            SdNotify notify = notify(socket);
            notify.extendTimeout(Duration.ofSeconds(10));
            notify.ready("0 clients");
            notify.reloading();
            notify.ready("reloaded");
            notify.stopping("bye\nnow");

            assertThat(systemd.received())
                    .containsExactly(
                            "EXTEND_TIMEOUT_USEC=10000000",
                            "READY=1\nSTATUS=0 clients",
                            "RELOADING=1\nMONOTONIC_USEC=5000000",
                            "READY=1\nSTATUS=reloaded",
                            "STOPPING=1\nSTATUS=bye now");
        }
    }

    @Test
    void tellsAnAbstractSocketToo() {
        String socket = "@leafd-test-" + ProcessHandle.current().pid();
        try (DatagramPeer systemd = new DatagramPeer(socket)) {
            notify(socket).ready("0 clients");
            assertThat(systemd.received()).containsExactly("READY=1\nSTATUS=0 clients");
        }
    }

    @Test
    void aStatusIsSentOnceASecond() {
        String socket = directory.resolve("notify").toString();
        try (DatagramPeer systemd = new DatagramPeer(socket)) {
            SdNotify notify = notify(socket);
            notify.status("1 client");
            nanoTime.addAndGet(999_999_999);
            notify.status("2 clients");
            nanoTime.addAndGet(1);
            notify.status("3 clients");
            assertThat(systemd.received()).containsExactly("STATUS=1 client", "STATUS=3 clients");
        }
    }

    @Test
    void neverThrows() {
        assertThatCode(() -> {
                    SdNotify.of(Map.of(), nanoTime::get).ready("nobody listens");
                    notify(directory.resolve("nothing").toString()).ready("no such socket");
                    notify("relative").ready("no socket at all");
                    notify("/" + "x".repeat(200)).ready("too long");
                })
                .doesNotThrowAnyException();
        assertThat(SdNotify.of(Map.of(), nanoTime::get).active()).isFalse();
        assertThat(notify("relative").active()).isFalse();
    }
}
