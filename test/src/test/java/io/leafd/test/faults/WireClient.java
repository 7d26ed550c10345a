package io.leafd.test.faults;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One connection that speaks the NATS protocol and hides nothing: what is written is on its way after {@link #flush}, and a lost
 * connection is an {@link IOException} for good. Owned by one thread.
 */
final class WireClient implements AutoCloseable {
    private static final String HELLO =
            "CONNECT {\"verbose\":false,\"pedantic\":false,\"headers\":true,\"no_responders\":true,\"lang\":\"faults\",\"version\":\"1\"}\r\nPING\r\n";
    private static final int CONNECT_MS = 2_000;
    private static final int HELLO_MS = 5_000;
    private static final byte[] CRLF = {'\r', '\n'};

    private final Socket socket;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private byte[] in = new byte[1 << 16];
    private int from;
    private int to;

    /** A message that came for a subscription. Header block is empty when there is none. */
    record Delivery(int sid, String subject, String reply, byte[] header, byte[] payload) {
        String text() {
            return new String(payload, StandardCharsets.UTF_8);
        }

        /** Status of a message without payload, for example 503; 0 if it has none. */
        int status() {
            String line = new String(header, StandardCharsets.US_ASCII);
            return line.length() >= 12 && line.charAt(8) == ' ' && Character.isDigit(line.charAt(9))
                    ? Integer.parseInt(line.substring(9, 12))
                    : 0;
        }
    }

    private WireClient(Socket socket) {
        this.socket = socket;
    }

    /** Connects, logs in without credentials, and waits for the server's answer. */
    static WireClient open(int port) throws IOException {
        var socket = new Socket();
        try {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_MS);
            socket.setTcpNoDelay(true);
            var client = new WireClient(socket);
            client.write(HELLO);
            client.flush();
            if (!client.awaitPong(Duration.ofMillis(HELLO_MS))) {
                throw new IOException("no PONG after CONNECT within %d ms".formatted(HELLO_MS));
            }
            return client;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    void subscribe(String subject, int sid) {
        write("SUB %s %d\r\n".formatted(subject, sid));
    }

    void unsubscribe(int sid) {
        write("UNSUB %d\r\n".formatted(sid));
    }

    void publish(String subject, String reply, byte[] payload) {
        write("PUB %s %s%d\r\n".formatted(subject, reply.isEmpty() ? "" : reply + " ", payload.length));
        out.writeBytes(payload);
        out.writeBytes(CRLF);
    }

    /**
     * Publishes with headers.
     *
     * @param header lines without {@code NATS/1.0}, each ended by CR LF
     */
    void publish(String subject, String reply, String header, byte[] payload) {
        byte[] block = ("NATS/1.0\r\n" + header + "\r\n").getBytes(StandardCharsets.UTF_8);
        write("HPUB %s %s %d %d\r\n".formatted(subject, reply, block.length, block.length + payload.length));
        out.writeBytes(block);
        out.writeBytes(payload);
        out.writeBytes(CRLF);
    }

    /** Sends what was written. Blocks while the server does not read. */
    void flush() throws IOException {
        if (out.size() > 0) {
            out.writeTo(socket.getOutputStream());
            out.reset();
        }
    }

    /**
     * The next message.
     *
     * @return null if none came within the limit
     * @throws IOException if the connection is lost or the server reports an error
     */
    @Nullable
    Delivery next(Duration limit) throws IOException {
        long endNs = System.nanoTime() + limit.toNanos();
        while (true) {
            String line = line(endNs);
            if (line == null) {
                return null;
            }
            if (line.startsWith("MSG ") || line.startsWith("HMSG ")) {
                return delivery(line.split(" ", -1));
            }
            answer(line);
        }
    }

    /** Sends what was written and waits until the server has gone through all of it; messages that come meanwhile are dropped. */
    boolean sync(Duration limit) throws IOException {
        write("PING\r\n");
        flush();
        return awaitPong(limit);
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void write(String text) {
        out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    }

    private boolean awaitPong(Duration limit) throws IOException {
        long endNs = System.nanoTime() + limit.toNanos();
        while (true) {
            String line = line(endNs);
            if (line == null) {
                return false;
            }
            if (line.equals("PONG")) {
                return true;
            }
            if (line.startsWith("MSG ") || line.startsWith("HMSG ")) {
                delivery(line.split(" ", -1));
            } else {
                answer(line);
            }
        }
    }

    private void answer(String line) throws IOException {
        if (line.equals("PING")) {
            socket.getOutputStream().write("PONG\r\n".getBytes(StandardCharsets.US_ASCII));
        } else if (line.startsWith("-ERR")) {
            throw new IOException("the server says: " + line);
        }
    }

    /** {@code MSG subject sid [reply] size} or {@code HMSG subject sid [reply] header-size size}, then the bytes. */
    private Delivery delivery(String[] words) throws IOException {
        boolean headers = words[0].equals("HMSG");
        boolean reply = words.length == (headers ? 6 : 5);
        int total = Integer.parseInt(words[words.length - 1]);
        int header = headers ? Integer.parseInt(words[words.length - 2]) : 0;
        byte[] bytes = bytes(total + CRLF.length);
        return new Delivery(
                Integer.parseInt(words[2]),
                words[1],
                reply ? words[3] : "",
                Arrays.copyOf(bytes, header),
                Arrays.copyOfRange(bytes, header, total));
    }

    /** One line without its end; null, with what came of it kept, if it is not complete in time. */
    private @Nullable String line(long endNs) throws IOException {
        int looked = from;
        while (true) {
            for (; looked < to; looked++) {
                if (in[looked] == '\n') {
                    String line = new String(in, from, looked - 1 - from, StandardCharsets.UTF_8);
                    from = looked + 1;
                    return line;
                }
            }
            int scanned = looked - from;
            if (!fill(endNs)) {
                return null;
            }
            looked = from + scanned;
        }
    }

    /** So many bytes; they follow a line and must come. */
    private byte[] bytes(int count) throws IOException {
        long endNs = System.nanoTime() + Duration.ofMillis(HELLO_MS).toNanos();
        while (to - from < count) {
            if (!fill(endNs)) {
                throw new IOException("half a message and then nothing for %d ms".formatted(HELLO_MS));
            }
        }
        byte[] bytes = Arrays.copyOfRange(in, from, from + count);
        from += count;
        return bytes;
    }

    private boolean fill(long endNs) throws IOException {
        if (from > 0) {
            System.arraycopy(in, from, in, 0, to - from);
            to -= from;
            from = 0;
        }
        if (to == in.length) {
            in = Arrays.copyOf(in, in.length * 2);
        }
        long leftMs = (endNs - System.nanoTime()) / 1_000_000;
        socket.setSoTimeout((int) Math.max(1, leftMs));
        try {
            int count = socket.getInputStream().read(in, to, in.length - to);
            if (count < 0) {
                throw new IOException("the server closed the connection");
            }
            to += count;
            return true;
        } catch (SocketTimeoutException late) {
            return false;
        }
    }
}
