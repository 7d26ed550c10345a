package io.leafd.link;

import io.leafd.security.SecretFile;
import io.leafd.security.creds.Credentials;
import io.leafd.security.login.Claim;
import io.leafd.security.nkey.NkeySeed;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How this server shows an upstream who it is. Immutable, any thread. The files are read at each attempt, so that a renewed
 * one takes effect at the next, and nothing secret stays in memory between.
 */
public sealed interface LinkLogin {
    /** Shows nothing. */
    record None() implements LinkLogin {}

    /** A user's NKEY seed. */
    record SeedFile(Path file) implements LinkLogin {}

    /** User JWT and seed. */
    record CredentialsFile(Path file) implements LinkLogin {}

    /** User name and a file with the password. */
    record PasswordFile(String user, Path file) implements LinkLogin {}

    /** A file with a token. */
    record TokenFile(Path file) implements LinkLogin {}

    /**
     * Reads what is needed. Blocks: not for an event loop.
     *
     * @throws io.leafd.security.SecurityConfigException if a file cannot be used; it says what to do
     */
    default Secret open() {
        return switch (this) {
            case None() -> new Secret(Claim.NOTHING, null, null);
            case SeedFile(Path file) -> new Secret(Claim.NOTHING, null, NkeySeed.read(file));
            case CredentialsFile(Path file) -> {
                Credentials credentials = Credentials.read(file);
                yield new Secret(Claim.NOTHING, credentials.jwt().text(), credentials.seed());
            }
            case PasswordFile(String user, Path file) -> new Secret(Claim.ofPassword(user, line(file)), null, null);
            case TokenFile(Path file) -> {
                String token = line(file);
                yield new Secret(new Claim(token, null, token, null, null), null, null); // as nats-server does
            }
        };
    }

    private static String line(Path file) {
        try (SecretFile secret = SecretFile.read(file)) {
            return secret.line();
        }
    }

    /** What was read, for one attempt. Closed when the attempt needs it no more. */
    final class Secret implements AutoCloseable {
        private final Claim claim;
        private final @Nullable String jwt;
        private final @Nullable NkeySeed seed;

        private Secret(Claim claim, @Nullable String jwt, @Nullable NkeySeed seed) {
            this.claim = claim;
            this.jwt = jwt;
            this.seed = seed;
        }

        /** Whether it cannot do without a nonce. */
        boolean signs() {
            return seed != null;
        }

        /** The user JWT, or null. */
        @Nullable
        String jwt() {
            return jwt;
        }

        /** What to say in CONNECT, with this nonce signed. */
        Claim claim(@Nullable String nonce) {
            if (seed == null || nonce == null) {
                return claim;
            }
            String key = jwt == null ? seed.nkey().text() : null;
            return new Claim(claim.user(), claim.password(), claim.token(), key, seed.signNonce(nonce));
        }

        /** Zeroes the seed. May be called twice. */
        @Override
        public void close() {
            if (seed != null) {
                seed.close();
            }
        }
    }
}
