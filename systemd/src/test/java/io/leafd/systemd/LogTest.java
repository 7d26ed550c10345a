package io.leafd.systemd;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

class LogTest {
    private static final Instant TIME = Instant.parse("2026-01-02T03:04:05.678Z");

    /** Run as a process of its own: logs, and ends. */
    static final class Talker {
        private Talker() {}

        public static void main(String[] args) {
            Log.open(System.getenv());
            Log.level(Level.valueOf(args[0]));
            var link = LoggerFactory.getLogger("io.leafd.link.LeafSession");
            link.debug("frame sent verb={}", "LS+");
            link.info("upstream connected name={} rtt_ms={}", "hub", 12);
            LoggerFactory.getLogger("io.netty.channel.Pool").debug("never shown");
            LoggerFactory.getLogger(LogTest.class).error("store failed", new IOException("disk gone"));
        }
    }

    @Test
    void aLineHasTimeLevelAreaAndSentence() {
        LogLine line = new LogLine(false);
        assertThat(line.format(TIME, Level.INFO, "io.leafd.link.LeafSession", "upstream connected name=hub", null))
                .isEqualTo("2026-01-02T03:04:05.678Z INFO  link  upstream connected name=hub\n");
        assertThat(line.format(TIME, Level.ERROR, "io.netty.Foo", "x", null))
                .isEqualTo("2026-01-02T03:04:05.678Z ERROR Foo  x\n");
    }

    @Test
    void theJournalGetsPrioritiesAndNoTime() {
        LogLine line = new LogLine(true);
        assertThat(List.of(Level.ERROR, Level.WARN, Level.INFO, Level.DEBUG))
                .extracting(level -> line.format(TIME, level, "io.leafd.app.Main", "started", null))
                .containsExactly("<3>app  started\n", "<4>app  started\n", "<6>app  started\n", "<7>app  started\n");
        assertThat(line.format(TIME, Level.ERROR, "io.leafd.store.Store", "failed", new IOException("gone")))
                .startsWith("<3>store  failed\n<3>  java.io.IOException: gone\n<3>    at io.leafd");
    }

    @Test
    void whatAClientNamesCannotForgeALine() {
        assertThat(new LogLine(true)
                        .format(TIME, Level.INFO, "io.leafd.app.Main", "client name=a\n<3>b\u001b[2J\r", null))
                .isEqualTo("<6>app  client name=a\\n<3>b\\x1b[2J\\x0d\n");
    }

    @Test
    void moreThanTheQueueHoldsIsCountedNotWaitedFor() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        LogWriter writer = new LogWriter(out, new LogLine(true)); // its thread does not run: a reader that has stopped
        for (int i = 0; i < LogWriter.LINES_MAX + 7; i++) {
            writer.write("line " + i + "\n");
        }
        writer.close();
        writer.write("after the end\n");

        List<String> lines = out.toString(UTF_8).lines().toList();
        assertThat(lines).hasSize(1 + LogWriter.LINES_MAX + 1);
        assertThat(lines.getFirst()).isEqualTo("<4>systemd  log was faster than its reader dropped=7");
        assertThat(lines.getLast()).isEqualTo("after the end");
    }

    @Test
    void aProcessWritesAllItsLinesBeforeItEnds(@TempDir Path directory) throws Exception {
        assertThat(run(directory, "INFO", false))
                .matches("(?s)20..-..-..T..:..:..\\....Z INFO  link  upstream connected name=hub rtt_ms=12\n"
                        + "20\\S+ ERROR systemd  store failed\n  java.io.IOException: disk gone\n.*");
        assertThat(run(directory, "DEBUG", false))
                .contains("DEBUG link  frame sent verb=LS+\n")
                .doesNotContain("never");
    }

    @Test
    void standardOutputThatIsTheJournalIsRecognised(@TempDir Path directory) throws Exception {
        assertThat(run(directory, "INFO", true))
                .startsWith("<6>link  upstream connected name=hub rtt_ms=12\n<3>systemd  store");
        assertThat(Log.isJournal(Map.of("JOURNAL_STREAM", "1:1"))).isFalse();
        assertThat(Log.isJournal(Map.of("JOURNAL_STREAM", "nonsense"))).isFalse();
    }

    private static String run(Path directory, String level, boolean journal) throws IOException, InterruptedException {
        Path out = directory.resolve("out");
        Files.deleteIfExists(out);
        Files.createFile(out);
        ProcessBuilder builder = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Talker.class.getName(),
                        level)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(out.toFile()));
        if (journal) {
            Map<String, Object> stat = Files.readAttributes(out, "unix:dev,ino");
            builder.environment().put("JOURNAL_STREAM", stat.get("dev") + ":" + stat.get("ino"));
        }
        Process process = builder.start();
        try {
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
            return Files.readAllLines(out).stream().collect(Collectors.joining("\n", "", "\n"));
        } finally {
            process.destroyForcibly();
        }
    }
}
