package io.leafd.protocol;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The header block {@code NATS/1.0[ status text]\r\nName: value\r\n\r\n}. Pure functions on bytes, any thread.
 *
 * <p>Names are looked up with exact case. A block that is not well formed has no headers; it is passed on untouched, as
 * nats-server does.
 */
public final class Headers {
    private static final byte[] VERSION = "NATS/1.0".getBytes(StandardCharsets.US_ASCII);

    private Headers() {}

    /** The first value of {@code name} with surrounding blanks removed, or null. */
    public static @Nullable String first(byte[] buf, int offset, int length, String name) {
        int at = lineOf(buf, offset, length, name);
        if (at < 0) {
            return null;
        }
        int from = at + name.length() + 1;
        int to = lineEnd(buf, from, offset + length);
        while (from < to && buf[from] == ' ') {
            from++;
        }
        while (to > from && (buf[to - 1] == ' ' || buf[to - 1] == '\r')) {
            to--;
        }
        return new String(buf, from, to - from, StandardCharsets.UTF_8);
    }

    /** Whether there is a header of this name. */
    public static boolean has(byte[] buf, int offset, int length, String name) {
        return lineOf(buf, offset, length, name) >= 0;
    }

    /** The block without the headers whose names begin with one of {@code prefixes}; empty if none is left. */
    public static byte[] without(byte[] block, String... prefixes) {
        var out = new ByteArrayOutputStream(block.length);
        int kept = 0;
        int lineStart = lineEnd(block, 0, block.length) + 1;
        out.write(block, 0, Math.min(lineStart, block.length));
        while (lineStart < block.length) {
            int end = Math.min(lineEnd(block, lineStart, block.length) + 1, block.length);
            if (end - lineStart > 2 && !startsWithAny(block, lineStart, end, prefixes)) {
                out.write(block, lineStart, end - lineStart);
                if (block[end - 1] != '\n') { // a block that is cut off must not swallow the blank line that ends it
                    out.write('\r');
                    out.write('\n');
                }
                kept++;
            }
            lineStart = end;
        }
        if (kept == 0) {
            return new byte[0];
        }
        out.write('\r');
        out.write('\n');
        return out.toByteArray();
    }

    /** A block made of {@code existing} (may be empty) and more headers: name, value, name, value… */
    public static byte[] with(byte[] existing, String... namesAndValues) {
        var out = new ByteArrayOutputStream(existing.length + 32 * namesAndValues.length);
        if (existing.length >= 2) {
            out.write(existing, 0, existing.length - 2);
        } else {
            out.writeBytes(VERSION);
            out.write('\r');
            out.write('\n');
        }
        for (int i = 0; i < namesAndValues.length; i += 2) {
            out.writeBytes(
                    (namesAndValues[i] + ": " + namesAndValues[i + 1] + "\r\n").getBytes(StandardCharsets.UTF_8));
        }
        out.write('\r');
        out.write('\n');
        return out.toByteArray();
    }

    /** A block that begins with a status line, {@code NATS/1.0 404 No Messages}. */
    public static byte[] status(int code, String text, String... namesAndValues) {
        var line = new StringBuilder("NATS/1.0 ").append(code);
        if (!text.isEmpty()) {
            line.append(' ').append(text);
        }
        line.append("\r\n");
        for (int i = 0; i < namesAndValues.length; i += 2) {
            line.append(namesAndValues[i])
                    .append(": ")
                    .append(namesAndValues[i + 1])
                    .append("\r\n");
        }
        return line.append("\r\n").toString().getBytes(StandardCharsets.UTF_8);
    }

    private static int lineOf(byte[] buf, int offset, int length, String name) {
        int end = offset + length;
        int at = lineEnd(buf, offset, end) + 1;
        while (at < end) {
            if (at + name.length() < end
                    && buf[at + name.length()] == ':'
                    && Subjects.startsWith(buf, at, end - at, name)) {
                return at;
            }
            at = lineEnd(buf, at, end) + 1;
        }
        return -1;
    }

    private static int lineEnd(byte[] buf, int from, int end) {
        int i = from;
        while (i < end && buf[i] != '\n') {
            i++;
        }
        return i;
    }

    private static boolean startsWithAny(byte[] buf, int from, int end, String[] prefixes) {
        for (String prefix : prefixes) {
            if (Subjects.startsWith(buf, from, end - from, prefix)) {
                return true;
            }
        }
        return false;
    }
}
