package io.leafd.app.admin;

import io.leafd.protocol.json.Json;
import io.leafd.protocol.json.JsonException;
import io.leafd.protocol.json.JsonWriter;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers administrative commands. Opened and closed by the main thread; each connection has a virtual thread.
 *
 * <p>A connection carries one line of JSON each way, at most {@value Line#BYTES_MAX} bytes:
 *
 * <pre>
 * {"verb":"status","arguments":{}}
 * {"ok":true,"answer":{...}}          or   {"ok":false,"code":78,"error":"leafd.toml:3:1: ..."}
 * </pre>
 *
 * <p>Bounds: {@value #CONNECTIONS_MAX} connections, each for {@value #CONNECTION_SECONDS_MAX} seconds. Whoever may write to the
 * socket file (mode 0660) may do everything; nobody else gets in.
 */
public final class AdminServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AdminServer.class);
    private static final int CONNECTIONS_MAX = 4;
    private static final int CONNECTION_SECONDS_MAX = 60;

    private final Path path;
    private final Map<String, AdminVerb> verbs;
    private final ServerSocketChannel listener;
    private final Semaphore free = new Semaphore(CONNECTIONS_MAX);

    private AdminServer(Path path, Map<String, AdminVerb> verbs, ServerSocketChannel listener) {
        this.path = path;
        this.verbs = Map.copyOf(verbs);
        this.listener = listener;
    }

    /**
     * Listens. A socket file that is there already is a dead one: the caller holds the lock of the data directory.
     *
     * @throws IOException when the file cannot be made, for example because its path is longer than 107 bytes
     */
    public static AdminServer open(Path path, Map<String, AdminVerb> verbs) throws IOException {
        Files.createDirectories(path.toAbsolutePath().getParent());
        Files.deleteIfExists(path);
        ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            listener.bind(UnixDomainSocketAddress.of(path));
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-rw----"));
        } catch (IOException | RuntimeException e) {
            listener.close();
            throw e;
        }
        AdminServer server = new AdminServer(path, verbs, listener);
        Thread.ofVirtual().name("admin").start(server::accept);
        return server;
    }

    private void accept() {
        try {
            while (true) {
                SocketChannel connection = listener.accept();
                if (free.tryAcquire()) {
                    Thread worker = Thread.ofVirtual().name("admin-request").start(() -> serve(connection));
                    Thread.ofVirtual().name("admin-guard").start(() -> guard(worker, connection));
                } else {
                    connection.close(); // the command says that nobody answered
                }
            }
        } catch (ClosedChannelException e) {
            LOG.debug("admin socket closed path={}", path);
        } catch (IOException e) {
            LOG.warn("admin socket failed path={} reason=\"{}\"", path, e.getMessage());
        }
    }

    private void guard(Thread worker, SocketChannel connection) {
        try {
            if (!worker.join(Duration.ofSeconds(CONNECTION_SECONDS_MAX))) {
                connection.close();
            }
        } catch (InterruptedException | IOException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void serve(SocketChannel connection) {
        try (connection) {
            String request = Line.read(connection);
            if (request != null) {
                connection.write(ByteBuffer.wrap(answer(request)));
            }
        } catch (IOException e) {
            LOG.debug("admin connection broke reason=\"{}\"", e.getMessage());
        } finally {
            free.release();
        }
    }

    private byte[] answer(String request) {
        JsonWriter out = new JsonWriter().object();
        try {
            Object answer = dispatch(request);
            out.field("ok", true).tree("answer", answer);
        } catch (AdminException e) {
            out = failure(e.code(), String.valueOf(e.getMessage()));
        } catch (JsonException e) {
            out = failure(AdminException.Code.FAILED, "bad request: " + e.getMessage());
        } catch (RuntimeException e) { // the border: whatever went wrong, the command gets an answer
            LOG.error("admin command failed", e);
            out = failure(AdminException.Code.FAILED, "internal error: " + e);
        }
        return (out.end() + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private static JsonWriter failure(AdminException.Code code, String message) {
        return new JsonWriter()
                .object()
                .field("ok", false)
                .field("code", code.exit())
                .field("error", message);
    }

    @SuppressWarnings("unchecked") // Json makes no other maps
    private @Nullable Object dispatch(String request) {
        Map<String, @Nullable Object> fields = Json.parseObject(request.getBytes(StandardCharsets.UTF_8));
        AdminVerb verb = fields.get("verb") instanceof String name ? verbs.get(name) : null;
        if (verb == null) {
            throw new AdminException(
                    AdminException.Code.FAILED,
                    "the running leafd does not know the command " + fields.get("verb")
                            + "; it may be another version");
        }
        return verb.answer(
                fields.get("arguments") instanceof Map<?, ?> arguments
                        ? (Map<String, @Nullable Object>) arguments
                        : Map.of());
    }

    /** Ends listening and removes the file. Idempotent. */
    @Override
    public void close() {
        try {
            listener.close();
            Files.deleteIfExists(path);
        } catch (IOException e) {
            LOG.debug("admin socket left behind path={} reason=\"{}\"", path, e.getMessage());
        }
    }
}
