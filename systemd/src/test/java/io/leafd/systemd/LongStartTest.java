package io.leafd.systemd;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LongStartTest {
    private final AtomicLong moved = new AtomicLong(7);

    @TempDir
    private Path directory;

    @Test
    void asksForMoreTimeOnlyAsLongAsItAdvances() {
        String socket = directory.resolve("notify").toString();
        SdNotify notify = SdNotify.of(Map.of("NOTIFY_SOCKET", socket), System::nanoTime);
        try (DatagramPeer systemd = new DatagramPeer(socket);
                LongStart start = new LongStart(notify, moved::get, false)) {
            start.tick();
            assertThat(systemd.received()).as("nothing was read or written").isEmpty();
            moved.incrementAndGet();
            start.tick();
            assertThat(systemd.received())
                    .containsExactly("EXTEND_TIMEOUT_USEC=40000000", "STATUS=starting, the store is not open yet");
            start.tick();
            assertThat(systemd.received()).as("it hangs").isEmpty();
            moved.incrementAndGet();
            start.tick();
            assertThat(systemd.received()).as("it goes on").contains("EXTEND_TIMEOUT_USEC=40000000");
        }
    }

    /** The kernel's count of this process, and no socket: a start without systemd. */
    @Test
    void nobodyIsAskedWithoutAServiceManager() {
        LongStart start = LongStart.begin(SdNotify.of(Map.of(), System::nanoTime));
        start.tick();
        start.close();
        start.close();
    }

    @Test
    void countsWhatThisProcessReadsAndWrites() throws IOException {
        Path file = directory.resolve("data");
        long before = LongStart.movedBytes();
        Files.write(file, new byte[3 << 20]);
        assertThat(LongStart.movedBytes()).isGreaterThan(before);
    }
}
