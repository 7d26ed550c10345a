package io.leafd.security.creds;

import io.leafd.security.SecretFile;
import io.leafd.security.SecurityConfigException;
import io.leafd.security.nkey.Nkey;
import io.leafd.security.nkey.NkeySeed;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * A {@code .creds} file: a user JWT and the seed that belongs to it. Owned by whoever read it, and closed after the nonce is
 * signed. Read the file at every connect: a renewed one takes effect at the next, and no secret stays in memory between.
 *
 * <p>Shape, as nsc writes it. Text around the blocks, the number of dashes (three or more), line ends and blanks do not
 * matter; a JWT may be broken into lines.
 *
 * <pre>
 *   -----BEGIN NATS USER JWT-----
 *   eyJ0eXAi…
 *   ------END NATS USER JWT------
 *
 *   -----BEGIN USER NKEY SEED-----
 *   SUA…
 *   ------END USER NKEY SEED------
 * </pre>
 */
public final class Credentials implements AutoCloseable {
    private static final Pattern BEGIN_JWT = Pattern.compile("-{3,}\\s*BEGIN\\b.*\\bJWT\\s*-{3,}");
    private static final Pattern END = Pattern.compile("-{3,}\\s*END\\b.*");

    private final Jwt jwt;
    private final NkeySeed seed;

    private Credentials(Jwt jwt, NkeySeed seed) {
        this.jwt = jwt;
        this.seed = seed;
    }

    /**
     * Reads the file. What was read is zeroed; only the result keeps the secret.
     *
     * @throws SecurityConfigException if the file is missing, open to others, lacks a block, or its two blocks do not belong
     *     together
     */
    public static Credentials read(Path file) {
        try (SecretFile content = SecretFile.read(file)) {
            return parse(content.bytes(), file.toString());
        }
    }

    static Credentials parse(byte[] content, String where) {
        Jwt jwt = Jwt.parse(jwtText(content, where), where);
        NkeySeed seed = NkeySeed.find(content, where);
        if (!seed.nkey().text().equals(jwt.subject())) {
            seed.close();
            throw new SecurityConfigException(
                    where,
                    "the seed is that of " + seed.nkey() + ", the JWT is for " + shown(jwt.subject()),
                    "get both from one .creds file");
        }
        return new Credentials(jwt, seed);
    }

    /** The text of a public key: what is none may hold anything. */
    private static String shown(String subject) {
        try {
            return Nkey.parse(subject).text();
        } catch (SecurityConfigException e) {
            return "what is no public key";
        }
    }

    /** Looks at the part before the seed only, so that the seed never becomes a string. */
    private static String jwtText(byte[] content, String where) {
        int end = indexOf(content, "NKEY SEED");
        String text = new String(content, 0, end < 0 ? content.length : end, StandardCharsets.ISO_8859_1);
        StringBuilder jwt = new StringBuilder();
        boolean inside = false;
        for (String line : text.lines().map(String::strip).toList()) {
            if (inside && END.matcher(line).matches()) {
                return jwt.toString();
            }
            if (inside) {
                jwt.append(line);
            } else {
                inside = BEGIN_JWT.matcher(line).matches();
            }
        }
        throw new SecurityConfigException(
                where,
                inside ? "its JWT block has no END line" : "has no block \"-----BEGIN NATS USER JWT-----\"",
                "name a .creds file; a file with only a seed belongs in nkey_seed_file");
    }

    private static int indexOf(byte[] content, String ascii) {
        for (int at = 0; at + ascii.length() <= content.length; at++) {
            int same = 0;
            while (same < ascii.length() && content[at + same] == ascii.charAt(same)) {
                same++;
            }
            if (same == ascii.length()) {
                return at;
            }
        }
        return -1;
    }

    /** The user JWT, to be sent verbatim. */
    public Jwt jwt() {
        return jwt;
    }

    /** The seed that signs the nonce; closed with this. */
    public NkeySeed seed() {
        return seed;
    }

    /** Zeroes the seed. May be called twice. */
    @Override
    public void close() {
        seed.close();
    }

    /** Who it is about, no secret. */
    @Override
    public String toString() {
        return "Credentials[" + jwt + "]";
    }
}
