package io.leafd.app.config;

import static io.leafd.app.config.schema.Key.optional;
import static io.leafd.app.config.schema.Key.withDefault;

import io.leafd.app.config.schema.Key;
import io.leafd.app.config.schema.Kinds;
import io.leafd.app.config.schema.Section;
import io.leafd.app.config.schema.Table;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code [upstream.NAME.tls]}. Immutable.
 *
 * @param caFile         whom the upstream's certificate must come from; null for the authorities this runtime trusts
 * @param certFile       leafd's own certificate; null shows none
 * @param keyFile        its private key; there exactly when {@code certFile} is
 * @param serverName     name that the upstream's certificate must have; null for the host of the URL
 * @param handshakeFirst whether TLS begins before the upstream's first INFO
 */
public record RemoteTlsConfig(
        @Nullable Path caFile,
        @Nullable Path certFile,
        @Nullable Path keyFile,
        @Nullable String serverName,
        boolean handshakeFirst) {

    static final Key<Path> CA_FILE = optional(
                    "ca_file",
                    SecretFile.readable(),
                    "the authorities that the runtime trusts",
                    "\"/etc/leafd/hub-ca.pem\"")
            .reload()
            .doc("Certificates, in PEM, from which the upstream's must come.");
    static final Key<Path> CERT_FILE = optional(
                    "cert_file", SecretFile.readable(), "leafd shows no certificate", "\"/etc/leafd/box.pem\"")
            .reload()
            .doc("Certificate that leafd shows the upstream, in PEM.");
    static final Key<Path> KEY_FILE = optional(
                    "key_file", SecretFile.secret(), "leafd shows no certificate", "\"/etc/leafd/keys/box.key\"")
            .reload()
            .doc("Private key of `cert_file`, in PEM.");
    static final Key<String> SERVER_NAME = optional(
                    "server_name", NatsKinds.host(), "the host of the URL", "\"hub.example.net\"")
            .reload()
            .doc("Name that the upstream's certificate must have.");
    static final Key<Boolean> HANDSHAKE_FIRST = withDefault("handshake_first", Kinds.fact(), false)
            .reload()
            .doc(
                    "Begins with TLS instead of waiting for the upstream's plain INFO line. The upstream must be set up the"
                            + " same way.");

    static final Table TABLE = Table.of(
                    "TLS towards the upstream. Its certificate is always checked.",
                    CA_FILE,
                    CERT_FILE,
                    KEY_FILE,
                    SERVER_NAME,
                    HANDSHAKE_FIRST)
            .refusing(Map.of(
                    "insecure",
                            "leafd has no switch that turns certificate checks off; name the upstream's authority as ca_file",
                    "verify", "the upstream's certificate is always checked; name its authority as ca_file",
                    "first", "it is called handshake_first"));

    static @Nullable RemoteTlsConfig of(@Nullable Section tls) {
        return tls == null
                ? null
                : new RemoteTlsConfig(
                        tls.find(CA_FILE),
                        tls.find(CERT_FILE),
                        tls.find(KEY_FILE),
                        tls.find(SERVER_NAME),
                        tls.get(HANDSHAKE_FIRST));
    }
}
