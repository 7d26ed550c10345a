package io.leafd.app.demo;

import io.leafd.app.child.LeafdProcess;
import io.leafd.app.client.Login;
import io.leafd.app.client.NatsClient;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one side holds in a stream, as it says itself. Owned by the main thread.
 */
final class StreamView implements AutoCloseable {
    private static final Duration ANSWER = Duration.ofSeconds(3);

    private final LeafdProcess server;
    private final Login login;
    private final String stream;
    private @Nullable NatsClient client;

    /** @param login as a user there */
    StreamView(LeafdProcess server, Login login, String stream) {
        this.server = server;
        this.login = login;
        this.stream = stream;
    }

    /**
     * Messages in the stream, by subject.
     *
     * @param last sequence of the newest message that there ever was
     */
    record Content(Map<String, Long> counts, long last) {
        long of(Sensor sensor) {
            return counts.getOrDefault(sensor.subject(), 0L);
        }

        long all() {
            return counts.values().stream().mapToLong(Long::longValue).sum();
        }
    }

    /** What is in it now; null while the server is away. */
    @Nullable
    Content look() {
        try {
            Map<?, ?> answer = client().ask("$JS.API.STREAM.INFO." + stream, "{\"subjects_filter\":\">\"}", ANSWER);
            if (!(answer.get("state") instanceof Map<?, ?> state)) {
                throw new IOException("an answer without the state of stream " + stream);
            }
            var counts = new HashMap<String, Long>();
            if (state.get("subjects") instanceof Map<?, ?> subjects) {
                subjects.forEach((subject, count) -> counts.put(String.valueOf(subject), number(count)));
            }
            return new Content(Map.copyOf(counts), number(state.get("last_seq")));
        } catch (IOException away) {
            close();
            return null;
        }
    }

    /** A connection to the server. */
    NatsClient client() throws IOException {
        NatsClient now = client;
        if (now == null || now.closed()) {
            now = NatsClient.connect(server.address("clients"), Demo.NAME, login);
            client = now;
        }
        return now;
    }

    @Override
    public void close() {
        if (client != null) {
            client.close();
            client = null;
        }
    }

    private static long number(@Nullable Object value) {
        return value instanceof Number number ? number.longValue() : 0;
    }
}
