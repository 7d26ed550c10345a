package io.leafd.app.config;

import static io.leafd.app.config.schema.Key.optional;

import io.leafd.app.config.schema.Key;
import io.leafd.app.config.schema.Section;
import io.leafd.app.config.schema.Table;

/**
 * {@code [jetstream]}. Immutable.
 *
 * @param domain under which the API answers besides {@code $JS.API}: {@code $JS.<domain>.API}
 */
public record JetStreamConfig(String domain) {
    static final Key<String> DOMAIN = optional("domain", NatsKinds.token(), "`server.name`", "\"press-7\"")
            .doc(
                    "JetStream domain of this box, by which an upstream reaches its streams (`$JS.<domain>.API`). Must differ"
                            + " from the upstream's.");
    static final Table TABLE = Table.of("Streams and consumers.", DOMAIN);

    static JetStreamConfig of(Section jetstream, String serverName) {
        String domain = jetstream.find(DOMAIN);
        return new JetStreamConfig(domain == null ? serverName : domain);
    }
}
