package io.leafd.app.admin;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** One line of a stream. */
final class Line {
    /** Longer ones are refused. */
    static final int BYTES_MAX = 1 << 20;

    private static final int READ_BYTES = 8192;

    private Line() {}

    /**
     * Reads up to the first line feed, or to the end of the stream.
     *
     * @return the line without its end; null when the stream ended before any byte
     * @throws IOException also for a line that is too long
     */
    static @Nullable String read(ReadableByteChannel channel) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        ByteBuffer buffer = ByteBuffer.allocate(READ_BYTES);
        while (channel.read(buffer.clear()) >= 0) {
            byte[] bytes = buffer.array();
            for (int i = 0; i < buffer.position(); i++) {
                if (bytes[i] == '\n') {
                    line.write(bytes, 0, i);
                    return line.toString(StandardCharsets.UTF_8);
                }
            }
            line.write(bytes, 0, buffer.position());
            if (line.size() > BYTES_MAX) {
                throw new IOException("line longer than " + BYTES_MAX + " bytes");
            }
        }
        return line.size() == 0 ? null : line.toString(StandardCharsets.UTF_8);
    }
}
