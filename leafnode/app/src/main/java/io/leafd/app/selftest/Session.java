package io.leafd.app.selftest;

import io.leafd.protocol.json.Json;
import io.leafd.protocol.json.JsonWriter;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A NATS client that does one thing after the other: sends, then waits for the answer. Used by one thread.
 *
 * <p>Every wait ends after {@link #PATIENCE} with an {@link IOException} that says what was waited for.
 */
final class Session implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final String INBOX = "_INBOX.selftest";

    private final Socket socket;
    private final InputStream in;
    private int subscriptions = 1; // that of the inbox

    private Session(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream());
    }

    /** Connects and logs in. */
    static Session open(InetSocketAddress address, String user, String password) throws IOException {
        Socket socket = new Socket();
        try {
            int patienceMs = Math.toIntExact(PATIENCE.toMillis());
            socket.connect(address, patienceMs);
            socket.setSoTimeout(patienceMs);
            socket.setTcpNoDelay(true);
            Session session = new Session(socket);
            session.line("INFO", "the greeting");
            JsonWriter connect = new JsonWriter().object();
            connect.field("user", user).field("pass", password).field("name", "leafd self-test");
            connect.field("verbose", false).field("lang", "java").field("headers", true);
            session.send("CONNECT " + connect.end() + "\r\n");
            session.settle();
            session.send("SUB " + INBOX + " 1\r\n");
            return session;
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    /** Waits until leafd has taken all that was sent so far. */
    void settle() throws IOException {
        send("PING\r\n");
        line("PONG", "PONG");
    }

    void subscribe(String subject) throws IOException {
        send("SUB " + subject + " " + ++subscriptions + "\r\n");
        settle();
    }

    void publish(String subject, String payload) throws IOException {
        publish(subject, "", payload);
    }

    private void publish(String subject, String reply, String payload) throws IOException {
        int length = payload.getBytes(StandardCharsets.UTF_8).length;
        send("PUB " + subject + " " + reply + " " + length + "\r\n" + payload + "\r\n");
    }

    /** Asks and returns what is answered, headers left out. */
    String request(String subject, String payload) throws IOException {
        publish(subject, INBOX, payload);
        return next("an answer from " + subject);
    }

    /** Asks JetStream, which answers a JSON object. */
    Map<String, @Nullable Object> api(String subject, String payload) throws IOException {
        String text = request(subject, payload);
        Map<String, @Nullable Object> answer = Json.parseObject(text.getBytes(StandardCharsets.UTF_8));
        if (answer.containsKey("error")) {
            throw new IOException(subject + " was refused: " + answer.get("error"));
        }
        return answer;
    }

    /** Payload of the next message. */
    String next(String awaited) throws IOException {
        String[] words = line("MSG|HMSG", awaited).split(" ", -1);
        int payload = Integer.parseInt(words[words.length - 1]);
        int headers = words[0].equals("HMSG") ? Integer.parseInt(words[words.length - 2]) : 0;
        byte[] bytes = in.readNBytes(payload + 2);
        if (bytes.length < payload + 2) {
            throw new EOFException("the connection was closed within a message");
        }
        return new String(bytes, headers, payload - headers, StandardCharsets.UTF_8);
    }

    /** Whether a message has come, or comes within {@code patience}. */
    boolean arrives(Duration patience) throws IOException {
        int patienceMs = socket.getSoTimeout();
        try {
            socket.setSoTimeout(Math.toIntExact(patience.toMillis()));
            while (true) {
                in.mark(1);
                int first = in.read();
                in.reset();
                if (first == 'M' || first == 'H') {
                    return true;
                }
                line("PING", "PING"); // nothing else comes unasked
                send("PONG\r\n");
            }
        } catch (SocketTimeoutException e) {
            return false;
        } finally {
            socket.setSoTimeout(patienceMs);
        }
    }

    private void send(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The next line that begins with one of these verbs; pings are answered, other lines passed over. */
    private String line(String verbs, String awaited) throws IOException {
        while (true) {
            String line = line(awaited);
            String verb = line.split(" ", 2)[0];
            if (verb.matches(verbs)) {
                return line;
            }
            if (verb.equals("-ERR")) {
                throw new IOException("leafd said " + line + " instead of " + awaited);
            }
            if (verb.equals("PING")) {
                send("PONG\r\n");
            }
        }
    }

    private String line(String awaited) throws IOException {
        var line = new ByteArrayOutputStream();
        try {
            for (int next = in.read(); next != '\n'; next = in.read()) {
                if (next < 0) {
                    throw new EOFException("the connection was closed instead of " + awaited);
                }
                line.write(next);
            }
        } catch (SocketTimeoutException e) {
            throw new IOException("no sign of " + awaited + " within " + PATIENCE.toSeconds() + " seconds", e);
        }
        return line.toString(StandardCharsets.UTF_8).stripTrailing();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
