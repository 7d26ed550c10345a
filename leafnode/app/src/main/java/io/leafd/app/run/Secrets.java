package io.leafd.app.run;

import io.leafd.app.config.HttpConfig;
import io.leafd.app.config.LeafdConfig;
import io.leafd.app.config.LeafnodesConfig;
import io.leafd.app.config.UpstreamConfig;
import io.leafd.security.SecretFile;
import io.leafd.security.creds.Credentials;
import io.leafd.security.nkey.NkeySeed;
import java.nio.file.Path;

/** Reads every secret and certificate that a configuration names, as a start would, and keeps none. Any thread. */
public final class Secrets {
    private Secrets() {}

    /** @throws io.leafd.security.SecurityConfigException for the first that is not what it should be */
    public static void check(LeafdConfig config) {
        Users.of(config);
        ListenerTls.of(config.server().tls(), Users.byCertificate(config));
        LeafnodesConfig leafnodes = config.leafnodes();
        if (leafnodes != null) {
            ListenerTls.of(leafnodes.tls(), false);
        }
        HttpConfig http = config.http();
        if (http.listen() != null) {
            ListenerTls.of(http.tls(), false);
        }
        for (UpstreamConfig upstream : config.upstreams()) {
            check(upstream.dial().login());
        }
        EncryptionKeys.read(config.store().encryptionKeyFile());
    }

    private static void check(UpstreamConfig.Login login) {
        switch (login) {
            case UpstreamConfig.Login.None() -> {}
            case UpstreamConfig.Login.NkeySeed(Path file) -> NkeySeed.read(file).close();
            case UpstreamConfig.Login.Credentials(Path file) ->
                Credentials.read(file).close();
            case UpstreamConfig.Login.Password(String user, Path file) -> line(file);
            case UpstreamConfig.Login.Token(Path file) -> line(file);
        }
    }

    private static void line(Path file) {
        try (SecretFile secret = SecretFile.read(file)) {
            secret.line();
        }
    }
}
