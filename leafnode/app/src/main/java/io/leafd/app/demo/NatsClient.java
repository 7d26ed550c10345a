package io.leafd.app.demo;

import io.leafd.protocol.json.Json;
import io.leafd.protocol.json.JsonException;
import io.leafd.protocol.json.JsonWriter;
import io.leafd.security.nkey.NkeySeed;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A small NATS client: publish, subscribe, request. Any thread may send; a virtual thread reads and runs the handlers.
 *
 * <p>When the connection is lost it stays {@link #closed}: whoever needs another one makes it.
 */
final class NatsClient implements AutoCloseable {
    private static final Duration GREETING = Duration.ofSeconds(5);
    private static final byte[] LINE_END = {'\r', '\n'};

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final ReentrantLock writing = new ReentrantLock();
    private final Map<String, Consumer<Delivery>> handlers = new ConcurrentHashMap<>();
    private final AtomicLong numbers = new AtomicLong();
    private final String inbox = "_INBOX.demo" + Long.toString(System.nanoTime(), Character.MAX_RADIX);
    private final CompletableFuture<Void> greeted = new CompletableFuture<>();
    private volatile boolean closed;

    /**
     * A message that came in.
     *
     * @param payload without headers
     */
    record Delivery(String subject, byte[] payload) {}

    private NatsClient(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream());
        this.out = socket.getOutputStream();
    }

    /**
     * Connects and logs in.
     *
     * @param login signs the server's nonce; null where nobody has to log in
     * @throws IOException if nobody listens there, or the login is refused
     */
    static NatsClient connect(InetSocketAddress address, @Nullable NkeySeed login) throws IOException {
        var socket = new Socket(address.getAddress(), address.getPort());
        socket.setTcpNoDelay(true);
        var client = new NatsClient(socket);
        try {
            String info = client.line();
            Map<?, ?> fields = Json.parseObject(info.substring("INFO ".length()).getBytes(StandardCharsets.UTF_8));
            client.write("CONNECT " + connect(fields, login) + "\r\nPING\r\n");
            Thread.ofVirtual().name("demo-nats").start(client::read);
            client.greeted.get(GREETING.toMillis(), TimeUnit.MILLISECONDS);
            client.subscribe(client.inbox + ".*", delivery -> {});
            return client;
        } catch (IOException | ExecutionException | TimeoutException e) {
            client.close();
            throw new IOException("no NATS connection to " + address + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            client.close();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private static String connect(Map<?, ?> info, @Nullable NkeySeed login) {
        var options = new JsonWriter()
                .object()
                .field("verbose", false)
                .field("lang", "java")
                .field("name", "leafd demo")
                .field("headers", true)
                .field("no_responders", true);
        if (login != null) {
            options.field("nkey", login.nkey().text()).field("sig", login.signNonce(String.valueOf(info.get("nonce"))));
        }
        return options.end().toString();
    }

    /** Whether the connection is over. */
    boolean closed() {
        return closed;
    }

    /** Hands messages on {@code filter} to {@code handler}, on the reading thread. */
    void subscribe(String filter, Consumer<Delivery> handler) throws IOException {
        String sid = Long.toString(numbers.incrementAndGet());
        handlers.put(sid, handler);
        write("SUB " + filter + " " + sid + "\r\n");
    }

    /** Publishes with a message id; the answer, if somebody gives one, goes to {@code reply}. */
    void publish(String subject, String reply, String id, byte[] payload) throws IOException {
        byte[] headers = ("NATS/1.0\r\nNats-Msg-Id: " + id + "\r\n\r\n").getBytes(StandardCharsets.UTF_8);
        String head = "HPUB " + subject + " " + reply + " " + headers.length + " " + (headers.length + payload.length);
        var frame = new ByteArrayOutputStream();
        frame.writeBytes(head.getBytes(StandardCharsets.UTF_8));
        frame.writeBytes(LINE_END);
        frame.writeBytes(headers);
        frame.writeBytes(payload);
        frame.writeBytes(LINE_END);
        write(frame.toByteArray());
    }

    /**
     * Asks JetStream.
     *
     * @return the fields of its answer
     * @throws IOException if there is none in time, or it is an error
     */
    Map<String, @Nullable Object> ask(String subject, String body, Duration limit) throws IOException {
        String reply = inbox + "." + numbers.incrementAndGet();
        var answer = new CompletableFuture<byte[]>();
        handlers.put(reply, delivery -> answer.complete(delivery.payload()));
        try {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            write("PUB " + subject + " " + reply + " " + bytes.length + "\r\n" + body + "\r\n");
            var fields = Json.parseObject(answer.get(limit.toMillis(), TimeUnit.MILLISECONDS));
            if (fields.get("error") instanceof Map<?, ?> error) {
                throw new IOException(subject + ": " + error.get("description"));
            }
            return fields;
        } catch (JsonException e) {
            throw new IOException(subject + ": nobody answers", e); // the empty message that says so, or nonsense
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException(subject + ": no answer within " + limit.toSeconds() + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            handlers.remove(reply);
        }
    }

    @Override
    public void close() {
        closed = true;
        try {
            socket.close();
        } catch (IOException e) {
            // nothing more can be done about it
        }
    }

    private void read() {
        try {
            for (String line = line(); ; line = line()) {
                String[] words = line.split(" ", -1);
                switch (words[0]) {
                    case "MSG", "HMSG" -> message(words);
                    case "PING" -> write("PONG\r\n");
                    case "PONG" -> greeted.complete(null);
                    case "-ERR" -> greeted.completeExceptionally(new IOException(line));
                    default -> {} // INFO, +OK: nothing to do
                }
            }
        } catch (IOException e) {
            greeted.completeExceptionally(e);
        } finally {
            close();
        }
    }

    /** {@code MSG subject sid [reply] size}, {@code HMSG subject sid [reply] headers size}. */
    private void message(String[] words) throws IOException {
        int size = Integer.parseInt(words[words.length - 1]);
        int headers = words[0].equals("HMSG") ? Integer.parseInt(words[words.length - 2]) : 0;
        in.skipNBytes(headers);
        byte[] payload = in.readNBytes(size - headers);
        in.skipNBytes(LINE_END.length);
        var delivery = new Delivery(words[1], payload);
        Consumer<Delivery> asked = handlers.get(words[1]);
        Consumer<Delivery> subscribed = handlers.get(words[2]);
        if (asked != null) {
            asked.accept(delivery);
        } else if (subscribed != null) {
            subscribed.accept(delivery);
        }
    }

    private String line() throws IOException {
        var line = new ByteArrayOutputStream();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("the server closed the connection");
            }
            line.write(next);
        }
        return line.toString(StandardCharsets.UTF_8).stripTrailing();
    }

    private void write(String text) throws IOException {
        write(text.getBytes(StandardCharsets.UTF_8));
    }

    private void write(byte[] bytes) throws IOException {
        writing.lock();
        try {
            out.write(bytes);
        } finally {
            writing.unlock();
        }
    }
}
