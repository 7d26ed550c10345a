package io.leafd.link.net;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.function.Predicate;

/**
 * The other end of a leaf connection, played by the test byte by byte. Every wait ends after {@value #LIMIT_MS} ms with an
 * error that says what was waited for.
 */
final class ScriptedPeer implements AutoCloseable {
    static final int LIMIT_MS = 5_000;

    /** An upstream's first INFO, to be completed. */
    static final String INFO =
            "INFO {\"server_id\":\"NHUB\",\"server_name\":\"hub\",\"version\":\"2.15.2\",\"proto\":3,"
                    + "\"headers\":true,\"auth_required\":true,\"max_payload\":1048576,\"jetstream\":true,\"client_id\":6,"
                    + "\"nonce\":\"LiIL2reR2ag8Els\",\"domain\":\"hub\",\"compression\":\"s2_auto\",\"info_on_connect\":true,"
                    + "\"leafnode_urls\":[\"127.0.0.1:1\"]} \r\n";

    /** An upstream's answer to CONNECT, without permissions. */
    static final String ACCEPTED = accepted("");

    private final Socket socket;
    private final InputStream in;

    private ScriptedPeer(Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(LIMIT_MS);
        socket.setTcpNoDelay(true);
        this.in = new BufferedInputStream(socket.getInputStream());
    }

    /** An upstream's answer to CONNECT with more fields, each with a comma behind it. */
    static String accepted(String fields) {
        return "INFO {\"server_name\":\"hub\",\"client_id\":6," + fields
                + "\"connect_info\":true,\"remote_account\":\"HUB\",\"info_on_connect\":true} \r\n";
    }

    /** A listener on a free port. */
    static ServerSocket listen() {
        try {
            var listener = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
            listener.setSoTimeout(LIMIT_MS);
            return listener;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The next connection that is made. */
    static ScriptedPeer accept(ServerSocket listener) {
        try {
            return new ScriptedPeer(listener.accept());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A connection to a port of this host. */
    static ScriptedPeer dial(int port) {
        try {
            return new ScriptedPeer(new Socket(InetAddress.getLoopbackAddress(), port));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    ScriptedPeer send(String text) {
        try {
            socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The next line, without CR LF; PINGs are answered and left out. */
    String line() {
        String line = anyLine();
        while (line.equals("PING")) {
            send("PONG\r\n");
            line = anyLine();
        }
        return line;
    }

    /** The next line, PING or not. */
    String anyLine() {
        var text = new StringBuilder();
        while (text.length() < 2 || text.charAt(text.length() - 1) != '\n') {
            text.append(next(text));
        }
        return text.substring(0, text.length() - 2);
    }

    /** The next line that is wanted; others are left out. */
    String lineWhere(Predicate<String> wanted) {
        String line = line();
        while (!wanted.test(line)) {
            line = line();
        }
        return line;
    }

    /** The lines before the next PONG to a PING of ours. */
    String untilPong() {
        send("PING\r\n");
        var lines = new StringBuilder();
        for (String line = line(); !line.equals("PONG"); line = line()) {
            lines.append(line).append('\n');
        }
        return lines.toString();
    }

    /** All that comes until the other side closes. */
    String untilClosed() {
        var text = new StringBuilder();
        try {
            for (int b = in.read(); b >= 0; b = in.read()) {
                text.append((char) b);
            }
        } catch (java.net.SocketTimeoutException e) {
            throw new AssertionError("still open, got: " + text, e);
        } catch (IOException reset) {
            return text.toString();
        }
        return text.toString();
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private char next(CharSequence soFar) {
        try {
            int b = in.read();
            if (b < 0) {
                throw new AssertionError("closed, got: " + soFar);
            }
            return (char) b;
        } catch (IOException e) {
            throw new AssertionError("waited for a line, got: " + soFar, e);
        }
    }
}
