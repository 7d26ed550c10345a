package io.leafd.app.config;

import static io.leafd.app.config.schema.Key.optional;
import static io.leafd.app.config.schema.Key.withDefault;

import io.leafd.app.config.schema.Key;
import io.leafd.app.config.schema.Kinds;
import io.leafd.app.config.schema.Section;
import io.leafd.app.config.schema.Table;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * {@code [tls]} or a listener's own {@code [*.tls]}. Immutable.
 *
 * @param certFile       certificate chain, PEM, own certificate first
 * @param keyFile        private key, PEM
 * @param caFile         whom client certificates must come from; null without {@code verify}
 * @param verify         whether a client must show a certificate
 * @param handshakeFirst whether TLS begins before the server's first INFO
 */
public record TlsConfig(
        Path certFile,
        Path keyFile,
        @Nullable Path caFile,
        boolean verify,
        boolean handshakeFirst,
        MinVersion minVersion,
        Duration handshakeTimeout) {

    /** The oldest TLS that is spoken. */
    public enum MinVersion {
        TLS_1_2,
        TLS_1_3
    }

    private static final SortedMap<String, MinVersion> MIN_VERSIONS =
            new TreeMap<>(Map.of("1.2", MinVersion.TLS_1_2, "1.3", MinVersion.TLS_1_3));

    static final Key<Boolean> ENABLED = withDefault("enabled", Kinds.fact(), true)
            .doc("`false` keeps one listener on plain text although there is a `[tls]`.");
    static final Key<Path> CERT_FILE = optional(
                    "cert_file",
                    SecretFile.readable(),
                    "must be there unless `enabled = false`",
                    "\"/etc/leafd/box.pem\"")
            .doc("Certificate in PEM, followed by its intermediate certificates. Read again at each reload.");
    static final Key<Path> KEY_FILE = optional(
                    "key_file",
                    SecretFile.secret(),
                    "must be there unless `enabled = false`",
                    "\"/etc/leafd/keys/box.key\"")
            .doc("Private key of the certificate, in PEM. Read again at each reload.");
    static final Key<Path> CA_FILE = optional(
                    "ca_file", SecretFile.readable(), "no client certificate is trusted", "\"/etc/leafd/plant-ca.pem\"")
            .doc("Certificates, in PEM, from which client certificates must come. Needed by `verify`.");
    static final Key<Boolean> VERIFY =
            withDefault("verify", Kinds.fact(), false).doc("Refuses clients that show no certificate of `ca_file`.");
    static final Key<MinVersion> MIN_VERSION = withDefault("min_version", Kinds.choice(MIN_VERSIONS), "1.2")
            .doc("The oldest version of TLS that is spoken.");
    static final Key<Boolean> HANDSHAKE_FIRST = withDefault("handshake_first", Kinds.fact(), false)
            .doc("Begins with TLS instead of NATS's plain INFO line. Clients must be told to do the same.");
    static final Key<Duration> HANDSHAKE_TIMEOUT = withDefault("handshake_timeout", Kinds.duration("100ms", "1m"), "2s")
            .doc("Time a client has for the TLS handshake.");

    static final Table TABLE = Table.of(
                    "TLS of every listener that has no table of its own: `[server.tls]`, `[leafnodes.tls]`, `[http.tls]` have"
                            + " the same keys and replace this one whole.",
                    ENABLED,
                    CERT_FILE,
                    KEY_FILE,
                    CA_FILE,
                    VERIFY,
                    MIN_VERSION,
                    HANDSHAKE_FIRST,
                    HANDSHAKE_TIMEOUT)
            .refusing(Map.of(
                    "insecure", "leafd has no switch that turns certificate checks off",
                    "key", "a private key does not belong in this file; name a file of mode 0600 as key_file",
                    "cert", "name the file of the certificate as cert_file",
                    "ca", "name the file of the certificates as ca_file"));

    /** Null for no table and for a disabled one. */
    static @Nullable TlsConfig of(@Nullable Section tls) {
        if (tls == null || !tls.get(ENABLED)) {
            return null;
        }
        return new TlsConfig(
                tls.get(CERT_FILE),
                tls.get(KEY_FILE),
                tls.find(CA_FILE),
                tls.get(VERIFY),
                tls.get(HANDSHAKE_FIRST),
                tls.get(MIN_VERSION),
                tls.get(HANDSHAKE_TIMEOUT));
    }
}
