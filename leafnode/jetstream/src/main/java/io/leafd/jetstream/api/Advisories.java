package io.leafd.jetstream.api;

import io.leafd.jetstream.json.GoTime;
import io.leafd.protocol.Message;
import io.leafd.protocol.Subject;
import io.leafd.protocol.json.JsonWriter;
import java.time.InstantSource;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Announces what happens to streams and consumers below {@code $JS.EVENT}. Owned by the store loop.
 *
 * <p>Nothing is built unless somebody listens. Like every message of JetStream an advisory leaves after the commit of what it
 * announces.
 */
public final class Advisories {
    private final AccountPort port;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final @Nullable String domain;

    public Advisories(AccountPort port, InstantSource clock, RandomGenerator random, @Nullable String domain) {
        this.port = port;
        this.clock = clock;
        this.random = random;
        this.domain = domain;
    }

    /**
     * Announces an event.
     *
     * @param subject behind {@code $JS.EVENT.}: {@code ADVISORY.STREAM.CREATED.ORDERS}
     * @param type behind {@code io.nats.jetstream.}: {@code advisory.v1.stream_action}
     * @param fields writes the fields between the common head and the domain; called only if somebody listens
     */
    public void publish(String subject, String type, Consumer<JsonWriter> fields) {
        Subject full = Subject.of("$JS.EVENT." + subject);
        if (!port.hasInterest(full)) {
            return;
        }
        JsonWriter json = new JsonWriter()
                .object()
                .field("type", "io.nats.jetstream." + type)
                .field("id", Nuid.next(random))
                .field("timestamp", GoTime.text(clock.instant()));
        fields.accept(json);
        if (domain != null) {
            json.field("domain", domain);
        }
        port.publish(Message.of(full, json.end().toBytes()));
    }
}
