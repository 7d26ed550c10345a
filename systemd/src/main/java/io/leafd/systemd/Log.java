package io.leafd.systemd;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/**
 * The log of this process: standard output, one line an event. Any thread.
 *
 * <p>Static, because slf4j asks for loggers statically. Before {@link #open} nothing is written, so that the answer of a command
 * on standard output stays clean; {@code leafd run} opens it first thing.
 */
public final class Log {
    private static volatile @Nullable LogWriter writer;
    private static volatile Level least = Level.INFO;

    private Log() {}

    /**
     * Begins to write, with journal priorities if standard output is the journal. What waits at the end of the process is written
     * then. To be called once.
     */
    public static void open(Map<String, String> environment) {
        LogWriter opened = new LogWriter(
                new BufferedOutputStream(new FileOutputStream(FileDescriptor.out)),
                new LogLine(isJournal(environment)));
        Thread.ofPlatform().name("log").daemon().start(opened);
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().name("log-end").unstarted(opened::close));
        writer = opened;
    }

    /** Lines of this importance and above are written from now on; of libraries, those from INFO on at most. */
    public static void level(Level importance) {
        least = importance;
    }

    static boolean writes(Level level, boolean ours) {
        return writer != null && level.toInt() >= (ours ? least.toInt() : Math.max(least.toInt(), Level.INFO.toInt()));
    }

    static void write(Level level, String logger, String message, @Nullable Throwable thrown) {
        LogWriter open = writer;
        if (open != null) {
            open.write(open.format().format(Instant.now(), level, logger, message, thrown));
        }
    }

    /** {@code JOURNAL_STREAM} holds device and inode of the journal's socket; a redirected output has others. */
    static boolean isJournal(Map<String, String> environment) {
        String stream = environment.getOrDefault("JOURNAL_STREAM", "");
        if (stream.isEmpty()) {
            return false;
        }
        try {
            Map<String, Object> stdout = Files.readAttributes(Path.of("/proc/self/fd/1"), "unix:dev,ino");
            return stream.equals(stdout.get("dev") + ":" + stdout.get("ino"));
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }
}
