package io.leafd.systemd;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/**
 * How an event looks: {@code 2026-01-02T03:04:05.678Z INFO  link  upstream connected name=hub}, or for the journal, which has a
 * clock of its own, {@code <6>link  upstream connected name=hub}. Immutable; any thread.
 *
 * @param journal whether priorities are written as {@code sd-daemon(3)} wants
 */
record LogLine(boolean journal) {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);
    private static final String OURS = "io.leafd.";

    String format(Instant time, Level level, String logger, String message, @Nullable Throwable thrown) {
        StringBuilder out = new StringBuilder(message.length() + 64);
        if (journal) {
            out.append(priority(level));
        } else {
            TIME.formatTo(time, out);
            out.append(' ').append(level).append(" ".repeat(6 - level.toString().length()));
        }
        out.append(area(logger)).append("  ");
        escape(message, out);
        out.append('\n');
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            trace(cause, cause == thrown ? "" : "caused by ", level, out);
        }
        return out.toString();
    }

    private void trace(Throwable thrown, String prefix, Level level, StringBuilder out) {
        indented(prefix + thrown, level, out);
        for (StackTraceElement frame : thrown.getStackTrace()) {
            indented("  at " + frame, level, out);
        }
    }

    private void indented(String text, Level level, StringBuilder out) {
        out.append(journal ? priority(level) : "").append("  ");
        escape(text, out);
        out.append('\n');
    }

    private static String priority(Level level) {
        return switch (level) {
            case ERROR -> "<3>";
            case WARN -> "<4>";
            case INFO -> "<6>";
            case DEBUG, TRACE -> "<7>";
        };
    }

    /** {@code link} of {@code io.leafd.link.LeafSession}, otherwise the class. */
    static String area(String logger) {
        if (!logger.startsWith(OURS)) {
            return logger.substring(logger.lastIndexOf('.') + 1);
        }
        int end = logger.indexOf('.', OURS.length());
        return end < 0 ? logger.substring(OURS.length()) : logger.substring(OURS.length(), end);
    }

    /** Names that clients give must neither end the line nor move the cursor of a terminal. */
    private static void escape(String text, StringBuilder out) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\n') {
                out.append("\\n");
            } else if (Character.isISOControl(c) && c != '\t') {
                out.append(String.format("\\x%02x", (int) c));
            } else {
                out.append(c);
            }
        }
    }
}
