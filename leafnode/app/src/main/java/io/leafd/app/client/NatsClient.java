package io.leafd.app.client;

import io.leafd.protocol.json.Json;
import io.leafd.protocol.json.JsonException;
import io.leafd.protocol.json.JsonWriter;
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
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
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
 * <p>When the connection is lost it stays {@link #closed}: whoever needs another one makes it. Every wait has a limit, and its
 * {@link IOException} says what was waited for.
 */
public final class NatsClient implements AutoCloseable {
    private static final Duration GREETING = Duration.ofSeconds(5);
    private static final byte[] LINE_END = {'\r', '\n'};

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final ReentrantLock writing = new ReentrantLock();
    private final Map<String, Consumer<Delivery>> handlers = new ConcurrentHashMap<>();
    private final AtomicLong numbers = new AtomicLong();
    private final String inbox = "_INBOX.leafd" + Long.toString(System.nanoTime(), Character.MAX_RADIX);
    private final Queue<CompletableFuture<Void>> pongs = new ConcurrentLinkedQueue<>(); // added in the order of writing
    private volatile boolean closed;

    /**
     * A message that came in.
     *
     * @param payload without headers
     */
    public record Delivery(String subject, byte[] payload) {
        public String text() {
            return new String(payload, StandardCharsets.UTF_8);
        }
    }

    private NatsClient(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream());
        this.out = socket.getOutputStream();
    }

    /**
     * Connects and logs in.
     *
     * @param name for the server's monitoring
     * @throws IOException if nobody listens there, or the login is refused
     */
    public static NatsClient connect(InetSocketAddress address, String name, Login login) throws IOException {
        var socket = new Socket();
        try {
            int patienceMs = Math.toIntExact(GREETING.toMillis());
            socket.connect(address, patienceMs);
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(patienceMs);
            var client = new NatsClient(socket);
            String info = client.line();
            socket.setSoTimeout(0);
            Map<?, ?> fields = Json.parseObject(info.substring("INFO ".length()).getBytes(StandardCharsets.UTF_8));
            client.write("CONNECT " + options(name, login, String.valueOf(fields.get("nonce"))) + "\r\n");
            Thread.ofVirtual().name("nats-client").start(client::read);
            client.settle(GREETING);
            client.subscribe(client.inbox + ".*", delivery -> {});
            return client;
        } catch (IOException e) {
            socket.close();
            throw new IOException("no NATS connection to " + address + ": " + e.getMessage(), e);
        }
    }

    private static String options(String name, Login login, String nonce) {
        var options = new JsonWriter()
                .object()
                .field("verbose", false)
                .field("lang", "java")
                .field("name", name)
                .field("headers", true)
                .field("no_responders", true);
        login.addTo(options, nonce);
        return options.end().toString();
    }

    /** Whether the connection is over. */
    public boolean closed() {
        return closed;
    }

    /** Waits until the server has taken all that was sent so far. */
    public void settle(Duration limit) throws IOException {
        var pong = new CompletableFuture<Void>();
        writing.lock();
        try {
            pongs.add(pong);
            write("PING\r\n");
        } finally {
            writing.unlock();
        }
        await(pong, limit, "PING");
    }

    /** Hands messages on {@code filter} to {@code handler}, on the reading thread. */
    public void subscribe(String filter, Consumer<Delivery> handler) throws IOException {
        String sid = Long.toString(numbers.incrementAndGet());
        handlers.put(sid, handler);
        write("SUB " + filter + " " + sid + "\r\n");
    }

    /** @param reply where the answer goes; empty for none */
    public void publish(String subject, String reply, String payload) throws IOException {
        int length = payload.getBytes(StandardCharsets.UTF_8).length;
        write("PUB " + subject + " " + reply + " " + length + "\r\n" + payload + "\r\n");
    }

    /** Publishes with a message id; the answer, if somebody gives one, goes to {@code reply}. */
    public void publish(String subject, String reply, String id, byte[] payload) throws IOException {
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
    public Map<String, @Nullable Object> ask(String subject, String body, Duration limit) throws IOException {
        String reply = inbox + "." + numbers.incrementAndGet();
        var answer = new CompletableFuture<byte[]>();
        handlers.put(reply, delivery -> answer.complete(delivery.payload()));
        try {
            publish(subject, reply, body);
            var fields = Json.parseObject(await(answer, limit, subject));
            if (fields.get("error") instanceof Map<?, ?> error) {
                throw new IOException(subject + ": " + error.get("description"));
            }
            return fields;
        } catch (JsonException e) {
            throw new IOException(subject + ": nobody answers", e); // the empty message that says so, or nonsense
        } finally {
            handlers.remove(reply);
        }
    }

    private static <T> T await(CompletableFuture<T> answer, Duration limit, String asked) throws IOException {
        try {
            return answer.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new IOException(asked + ": " + e.getMessage(), e);
        } catch (TimeoutException e) {
            throw new IOException(asked + ": no answer within " + limit.toSeconds() + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
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
        IOException end = new EOFException("the connection is over");
        try {
            for (String line = line(); ; line = line()) {
                String[] words = line.split(" ", -1);
                switch (words[0]) {
                    case "MSG", "HMSG" -> message(words);
                    case "PING" -> write("PONG\r\n");
                    case "PONG" -> settled(null);
                    case "-ERR" -> settled(new IOException(line));
                    default -> {} // INFO, +OK: nothing to do
                }
            }
        } catch (IOException e) {
            end = e;
        } finally {
            close();
            while (!pongs.isEmpty()) {
                settled(end);
            }
        }
    }

    /** Tells who waits longest for a PONG. */
    private void settled(@Nullable IOException failure) {
        CompletableFuture<Void> waiting = pongs.poll();
        if (waiting != null && failure == null) {
            waiting.complete(null);
        } else if (waiting != null) {
            waiting.completeExceptionally(failure);
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
