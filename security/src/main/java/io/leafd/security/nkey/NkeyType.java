package io.leafd.security.nkey;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What an nkey stands for: its first letter. The prefix byte is chosen so that base32 of it gives the letter.
 *
 * <p>Source: nats-io/nkeys v0.4.16.
 */
public enum NkeyType {
    /** {@code A…}: an account. */
    ACCOUNT('A', 0),
    /** {@code C…}: a cluster. */
    CLUSTER('C', 2 << 3),
    /** {@code N…}: a server. */
    SERVER('N', 13 << 3),
    /** {@code O…}: an operator. */
    OPERATOR('O', 14 << 3),
    /** {@code U…}: a user. */
    USER('U', 20 << 3),
    /** {@code X…}: an X25519 key, for encryption. It cannot sign, so this package names it but does not hold it. */
    CURVE('X', 23 << 3);

    private final char letter;
    private final int prefix;

    NkeyType(char letter, int prefix) {
        this.letter = letter;
        this.prefix = prefix;
    }

    /** The first letter of a public key of this type. */
    public char letter() {
        return letter;
    }

    /** First byte of the binary form: the letter's base32 value in the upper five bits. */
    int prefix() {
        return prefix;
    }

    /** {@code "user"}, for messages and for {@code leafd nkey --type}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    static @Nullable NkeyType ofPrefix(int prefix) {
        for (NkeyType type : values()) {
            if (type.prefix == prefix) {
                return type;
            }
        }
        return null;
    }
}
