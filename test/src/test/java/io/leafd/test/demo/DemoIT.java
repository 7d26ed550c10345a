package io.leafd.test.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.leafd.test.peer.Deadline;
import io.leafd.test.peer.JsonTree;
import io.leafd.test.peer.LeafdProcess;
import io.leafd.test.peer.TestDirectory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** {@code leafd demo}: it keeps its promise, counts it, and leaves nothing behind. */
class DemoIT {
    private static final Duration LIMIT = Duration.ofMinutes(3);

    private final Path directory = TestDirectory.create("demo");
    private final Path answer = directory.resolve("answer");
    private final Path talk = directory.resolve("talk");
    private final Path temporary = directory.resolve("tmp");
    private @Nullable Process running;

    @AfterEach
    void end() {
        if (running != null) {
            running.descendants().forEach(ProcessHandle::destroyForcibly);
            running.destroyForcibly();
        }
    }

    @Test
    void everyReadingArrivesOnceThroughACutAndAKill() throws Exception {
        Process demo = start("demo", "--json");
        assertThat(demo.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();

        assertThat(demo.exitValue()).as(Files.readString(talk)).isZero();
        JsonTree account = JsonTree.of(Files.readAllBytes(answer));
        assertThat(account.number("sent")).isGreaterThan(1_000);
        assertThat(account.number("held")).isBetween(100L, account.number("sent"));
        assertThat(account.number("received")).isEqualTo(account.number("sent"));
        assertThat(account.number("lost")).isZero();
        assertThat(account.number("duplicates")).isZero();
        assertThat(account.number("out_of_order")).isZero();
        assertThat(account.number("altered")).isZero();
        assertThat(account.toString()).contains("\"ok\":true");
        assertThat(Files.readString(talk))
                .contains("the link is cut", "kill -9", "the link is mended", "Nothing was lost");
        assertThat(leftBehind()).isEmpty();
    }

    @Test
    void anInterruptedDemoLeavesNoProcessAndNoFile() throws Exception {
        Process demo = start("demo");
        Deadline.await("the sensors publish", LIMIT, () -> text(answer).contains("sensors publish"));
        List<ProcessHandle> leafds = demo.descendants().toList();
        assertThat(leafds).hasSizeGreaterThanOrEqualTo(2);

        demo.destroy(); // what Ctrl-C does to it
        assertThat(demo.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();

        Deadline.await("hub and edge end", Deadline.STOP, () -> leafds.stream().noneMatch(ProcessHandle::isAlive));
        assertThat(leftBehind()).isEmpty();
    }

    private Process start(String... arguments) throws IOException {
        Files.createDirectories(temporary);
        var builder = new ProcessBuilder(LeafdProcess.command(arguments))
                .redirectOutput(answer.toFile())
                .redirectError(talk.toFile());
        builder.environment().put("MALLOC_ARENA_MAX", "1");
        builder.environment().put("JDK_JAVA_OPTIONS", "-Djava.io.tmpdir=" + temporary);
        Process started = builder.start();
        running = started;
        return started;
    }

    private List<String> leftBehind() throws IOException {
        try (Stream<Path> left = Files.list(temporary)) {
            return left.map(Path::toString)
                    .filter(name -> name.contains("leafd-demo"))
                    .toList();
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }
}
