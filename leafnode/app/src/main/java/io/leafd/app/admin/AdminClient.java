package io.leafd.app.admin;

import io.leafd.app.admin.AdminException.Code;
import io.leafd.protocol.json.Json;
import io.leafd.protocol.json.JsonException;
import io.leafd.protocol.json.JsonWriter;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Asks a running leafd. Immutable; any thread.
 *
 * @param socket  its administrative socket
 * @param timeout for the whole of a command
 */
public record AdminClient(Path socket, Duration timeout) {
    /**
     * Sends a command and waits for its answer.
     *
     * @throws AdminException when nobody answers in time, or the answer is that it cannot be done
     */
    public @Nullable Object ask(String verb, Map<String, @Nullable Object> arguments) {
        FutureTask<String> exchange = new FutureTask<>(() -> exchange(verb, arguments));
        Thread.ofVirtual().name("admin-ask").start(exchange);
        try {
            return answer(exchange.get(timeout.toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException e) {
            exchange.cancel(true);
            throw new AdminException(
                    Code.TRY_AGAIN, "leafd did not answer within " + timeout.toSeconds() + " s (" + socket + ")");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AdminException(Code.TRY_AGAIN, "interrupted");
        } catch (ExecutionException e) {
            throw unreachable(e.getCause());
        }
    }

    private String exchange(String verb, Map<String, @Nullable Object> arguments) throws IOException {
        try (SocketChannel connection = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            String request = new JsonWriter()
                    .object()
                    .field("verb", verb)
                    .tree("arguments", arguments)
                    .end()
                    .toString();
            connection.write(ByteBuffer.wrap((request + "\n").getBytes(StandardCharsets.UTF_8)));
            String line = Line.read(connection);
            if (line == null) {
                throw new IOException("the connection was closed without an answer");
            }
            return line;
        }
    }

    private AdminException unreachable(@Nullable Throwable cause) {
        if (!Files.exists(socket)) {
            return new AdminException(
                    Code.NOT_REACHABLE,
                    "no leafd is running here: " + socket + " does not exist; start it with: leafd run");
        }
        if (!Files.isWritable(socket)) {
            return new AdminException(
                    Code.NOT_PERMITTED,
                    "user " + System.getProperty("user.name") + " may not use " + socket
                            + "; run this as root or as the user of the service");
        }
        if (cause instanceof ConnectException) {
            return new AdminException(
                    Code.NOT_REACHABLE, "nobody listens on " + socket + ": leafd has ended; start it with: leafd run");
        }
        return new AdminException(
                Code.NOT_REACHABLE,
                "leafd does not answer on " + socket + ": " + (cause == null ? "" : cause.getMessage()));
    }

    private static @Nullable Object answer(String line) {
        try {
            Map<String, @Nullable Object> fields = Json.parseObject(line.getBytes(StandardCharsets.UTF_8));
            if (Boolean.TRUE.equals(fields.get("ok"))) {
                return fields.get("answer");
            }
            long code = fields.get("code") instanceof Long number ? number : Code.FAILED.exit();
            throw new AdminException(Code.of(code), String.valueOf(fields.get("error")));
        } catch (JsonException e) {
            throw new AdminException(Code.FAILED, "leafd answered nonsense: " + e.getMessage());
        }
    }
}
