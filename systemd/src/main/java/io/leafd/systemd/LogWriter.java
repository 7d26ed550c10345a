package io.leafd.systemd;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.event.Level;

/**
 * Writes log lines on a thread of its own, so that no event loop ever waits for a pipe. {@link #write} any thread.
 *
 * <p>Bounds: {@value #LINES_MAX} lines wait. What does not fit is counted, and a line says so once there is room. After {@link
 * #close} lines are written by their own thread, so that the last words of a stopping process are not lost.
 */
final class LogWriter implements Runnable {
    static final int LINES_MAX = 4096;

    private final OutputStream out;
    private final LogLine format;
    private final BlockingQueue<String> lines = new ArrayBlockingQueue<>(LINES_MAX);
    private final AtomicLong dropped = new AtomicLong();
    private volatile boolean closed;

    LogWriter(OutputStream out, LogLine format) {
        this.out = out;
        this.format = format;
    }

    LogLine format() {
        return format;
    }

    void write(String line) {
        if (closed) {
            print(line);
        } else if (!lines.offer(line)) {
            dropped.incrementAndGet();
        }
    }

    /** The thread {@code log}. */
    @Override
    public void run() {
        try {
            while (!closed) {
                print(lines.take());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // only close does that; it writes what is left
        }
    }

    /** Writes what waits. Later lines are written at once. Idempotent. */
    void close() {
        closed = true;
        for (String line = lines.poll(); line != null; line = lines.poll()) {
            print(line);
        }
    }

    /** Locked: the thread {@code log} and a closing process may meet here, never an event loop that is not ending. */
    private synchronized void print(String line) {
        try {
            long lost = dropped.getAndSet(0);
            if (lost > 0) {
                out.write(format.format(
                                Instant.now(),
                                Level.WARN,
                                LogWriter.class.getName(),
                                "log was faster than its reader dropped=" + lost,
                                null)
                        .getBytes(StandardCharsets.UTF_8));
            }
            out.write(line.getBytes(StandardCharsets.UTF_8));
            if (lines.isEmpty()) {
                out.flush();
            }
        } catch (IOException e) {
            dropped.incrementAndGet(); // nobody reads standard output; there is no other place to say so
        }
    }
}
