package io.leafd.systemd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WatchdogTest {
    private static final long PID = 42;

    @TempDir
    private Path directory;

    @Test
    void beatsOnlyWhenEveryLoopHasAnswered() {
        String socket = directory.resolve("notify").toString();
        Queue<Runnable> stuck = new ArrayDeque<>();
        try (DatagramPeer systemd = new DatagramPeer(socket)) {
            var watchdog = watchdog(
                    socket,
                    Map.of(),
                    new Watchdog.Loop("loop-0", Runnable::run),
                    new Watchdog.Loop("store-0", stuck::add));

            watchdog.tick();
            assertThat(systemd.received()).as("nobody was asked yet").containsExactly("WATCHDOG=1");
            watchdog.tick();
            watchdog.tick();
            assertThat(systemd.received()).as("store-0 is silent").isEmpty();
            assertThat(stuck).as("it is asked once").hasSize(1);
            stuck.remove().run();
            watchdog.tick();
            assertThat(systemd.received()).containsExactly("WATCHDOG=1");
        }
    }

    @Test
    void beatsByItselfWithinTheTimeOfTheUnit() {
        String socket = directory.resolve("notify").toString();
        try (DatagramPeer systemd = new DatagramPeer(socket);
                Watchdog watchdog = watchdog(
                        socket,
                        Map.of("WATCHDOG_USEC", "30000", "WATCHDOG_PID", "42"),
                        new Watchdog.Loop("loop-0", Runnable::run))) {
            watchdog.start();
            List<String> beats = new ArrayList<>();
            await().until(() -> beats.addAll(systemd.received()) && beats.size() >= 3);
            assertThat(beats).containsOnly("WATCHDOG=1");
        }
    }

    @Test
    void doesNotBeatForAnotherProcessNorWithoutAWatchdog() {
        String socket = directory.resolve("notify").toString();
        try (DatagramPeer systemd = new DatagramPeer(socket)) {
            for (Map<String, String> environment : List.of(
                    Map.<String, String>of(),
                    Map.of("WATCHDOG_USEC", "nonsense"),
                    Map.of("WATCHDOG_USEC", "0"),
                    Map.of("WATCHDOG_USEC", "30000", "WATCHDOG_PID", "43"))) {
                try (Watchdog watchdog = watchdog(socket, environment)) {
                    watchdog.start();
                }
            }
            assertThat(systemd.received()).isEmpty();
        }
    }

    private static Watchdog watchdog(String socket, Map<String, String> environment, Watchdog.Loop... loops) {
        SdNotify notify = SdNotify.of(Map.of("NOTIFY_SOCKET", socket), System::nanoTime);
        return new Watchdog(notify, List.of(loops), environment, PID);
    }
}
