package io.leafd.test.peer;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * A NATS client that is only a socket: it sends the bytes it is told and reports the bytes it gets, so that a scenario can be about
 * them. Owned by one thread.
 *
 * <p>Text is one byte per character (ISO 8859-1). Every read has a limit, by default {@link Deadline#ANSWER}. A connection that the
 * server resets counts as closed: which of the two a peer sees depends on bytes in flight.
 */
public final class RawClient implements AutoCloseable {

    /** Quiet CONNECT of a client of the first protocol version: no {@code +OK}, no subject checks, no second INFO. */
    public static final String CONNECT = "CONNECT {\"verbose\":false,\"pedantic\":false}\r\n";

    /** As {@link #CONNECT}, with headers and answers for requests that nobody hears. */
    public static final String CONNECT_HEADERS =
            "CONNECT {\"verbose\":false,\"pedantic\":false,\"headers\":true,\"no_responders\":true}\r\n";

    private static final int END = -1;

    private Socket socket;
    private InputStream in;
    private Duration limit = Deadline.ANSWER;

    private RawClient(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream());
    }

    /** Opens a connection to a port on loopback and reads nothing yet. */
    public static RawClient open(int port) {
        return open(port, 0);
    }

    /**
     * Opens a connection with a small receive buffer, for a client that reads slowly.
     *
     * @param receiveBufferBytes size of the kernel's receive buffer; 0 for the default
     */
    public static RawClient open(int port, int receiveBufferBytes) {
        try {
            Socket socket = new Socket();
            if (receiveBufferBytes > 0) {
                socket.setReceiveBufferSize(receiveBufferBytes);
            }
            socket.setTcpNoDelay(true);
            socket.connect(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), port), (int) Deadline.ANSWER.toMillis());
            return new RawClient(socket);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot connect to port " + port, e);
        }
    }

    /** Limit for each of the following reads. */
    public RawClient within(Duration newLimit) {
        limit = newLimit;
        return this;
    }

    /** Continues over TLS, as the client; returns when the handshake is done. */
    public RawClient upgrade(SSLContext context) {
        try {
            SSLSocket secure =
                    (SSLSocket) context.getSocketFactory().createSocket(socket, "localhost", socket.getPort(), true);
            secure.setSoTimeout((int) limit.toMillis());
            secure.startHandshake();
            socket = secure;
            in = new BufferedInputStream(secure.getInputStream());
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException("TLS handshake failed", e);
        }
    }

    /** Reads the INFO line that a server sends first. */
    public JsonTree info() {
        return json("INFO ", line());
    }

    /** Reads INFO, connects quietly and waits until the server has taken it. */
    public RawClient connect() {
        return connect(CONNECT);
    }

    /** Reads INFO, sends the given CONNECT line and waits until the server has taken it. */
    public RawClient connect(String connectLine) {
        info();
        send(connectLine);
        String answer = exchange("");
        if (!answer.isEmpty()) {
            throw new AssertionError("CONNECT was answered with " + answer);
        }
        return this;
    }

    /** Sends the characters as bytes, at once. */
    public RawClient send(String text) {
        return send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Sends the bytes, at once. */
    public RawClient send(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
            socket.getOutputStream().flush();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Sends the text and a PING, and returns what the server sent before the PONG. As an answer to a frame never comes after the PONG
     * for a later PING, this is all there will be.
     */
    public String exchange(String text) {
        send(text + "PING\r\n");
        return until("PONG\r\n");
    }

    /** What comes before the next occurrence of the mark, which is read too. */
    public String until(String mark) {
        StringBuilder text = new StringBuilder();
        while (!endsWith(text, mark)) {
            next(text, "\"" + mark.strip() + "\"");
        }
        return text.substring(0, text.length() - mark.length());
    }

    /** The next line, without its end. */
    public String line() {
        return until("\r\n");
    }

    /** The next line as JSON after a verb, for example {@code "INFO "}. */
    public JsonTree json(String verb) {
        return json(verb, line());
    }

    /** The given number of bytes. */
    public String exactly(int count) {
        StringBuilder text = new StringBuilder(count);
        while (text.length() < count) {
            next(text, count + " bytes");
        }
        return text.toString();
    }

    /** All that comes until the server closes the connection, which it must do within the limit. */
    public String untilClosed() {
        StringBuilder text = new StringBuilder();
        long deadlineNs = System.nanoTime() + limit.toNanos();
        while (true) {
            int next = read(text, "the end of the connection");
            if (next == END) {
                return text.toString();
            }
            text.append((char) next);
            if (System.nanoTime() > deadlineNs) {
                throw new AssertionError("still open after %s, got \"%s\"".formatted(limit, text));
            }
        }
    }

    /** Closes the connection. */
    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void next(StringBuilder text, String wanted) {
        int next = read(text, wanted);
        if (next == END) {
            throw new AssertionError("closed while waiting for %s, got \"%s\"".formatted(wanted, text));
        }
        text.append((char) next);
    }

    private int read(CharSequence soFar, String wanted) {
        try {
            socket.setSoTimeout((int) limit.toMillis());
            return in.read();
        } catch (SocketTimeoutException e) {
            throw new AssertionError("no %s within %s, got \"%s\"".formatted(wanted, limit, soFar), e);
        } catch (IOException reset) {
            return END;
        }
    }

    private static JsonTree json(String verb, String line) {
        if (!line.startsWith(verb)) {
            throw new AssertionError("expected \"%s…\", got \"%s\"".formatted(verb, line));
        }
        return JsonTree.of(line.substring(verb.length()));
    }

    private static boolean endsWith(StringBuilder text, String mark) {
        int start = text.length() - mark.length();
        return start >= 0 && text.indexOf(mark, start) == start;
    }
}
