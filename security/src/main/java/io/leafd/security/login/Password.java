package io.leafd.security.login;

import io.leafd.security.SecurityConfigException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;

/**
 * A stored password or token, plain or as bcrypt hash, that can be compared with what a client sends. Immutable; any
 * thread, except that {@link #matches} must stay off event loops if {@link #slow}.
 *
 * <p>A stored text is a hash if it matches {@code ^\$2[abxy]\$\d{2}\$.*}; any other is compared as it is, also if it begins
 * with {@code $}, as observed on nats-server 2.15. bcrypt looks at the first 72 bytes of a password only.
 */
public final class Password {
    /** Cost of the hashes we make: about 0.1 s on a small box. The same as {@code nats server passwd}. */
    public static final int COST = 11;

    static final int COST_MIN = 4;
    /** A hash with more would keep a small box busy for several seconds at each login. */
    static final int COST_MAX = 15;

    private static final int BCRYPT_CHARS = 60;
    private static final int BCRYPT_PASSWORD_MAX_BYTES = 72;
    private static final int SALT_BYTES = 16;
    private static final Pattern BCRYPT = Pattern.compile("^\\$2[abxy]\\$\\d{2}\\$.*", Pattern.DOTALL);
    private static final Pattern BCRYPT_BODY = Pattern.compile("[./A-Za-z0-9]{53}");

    private final byte[] stored;
    private final int cost;
    private final Comparison bcrypt;

    /** The slow comparison of a hash with a password. */
    interface Comparison {
        boolean matches(String hash, byte[] password);
    }

    private Password(byte[] stored, int cost, Comparison bcrypt) {
        this.stored = stored;
        this.cost = cost;
        this.bcrypt = bcrypt;
    }

    /**
     * The password as stored: a bcrypt hash or plain text.
     *
     * @param where the file or key it comes from, for the error
     * @throws SecurityConfigException if it is empty, or looks like a bcrypt hash and is cut or too costly
     */
    public static Password stored(String text, String where) {
        return stored(text, where, OpenBSDBCrypt::checkPassword);
    }

    /** As above, with a comparison that a test can count. */
    static Password stored(String text, String where, Comparison bcrypt) {
        if (text.isEmpty()) {
            throw new SecurityConfigException(where, "the password is empty", "set one");
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return new Password(bytes, BCRYPT.matcher(text).matches() ? bcryptCost(text, where) : 0, bcrypt);
    }

    private static int bcryptCost(String hash, String where) {
        if (hash.length() != BCRYPT_CHARS
                || !BCRYPT_BODY.matcher(hash.substring(7)).matches()) {
            throw new SecurityConfigException(
                    where,
                    "the bcrypt hash is damaged (" + hash.length() + " characters, a hash has " + BCRYPT_CHARS + ")",
                    "make a new one with \"leafd passwd\"");
        }
        int cost = Integer.parseInt(hash.substring(4, 6));
        if (cost < COST_MIN || cost > COST_MAX) {
            throw new SecurityConfigException(
                    where,
                    "the bcrypt hash has cost " + cost + ", allowed are " + COST_MIN + " to " + COST_MAX,
                    "make a new one with \"leafd passwd\"");
        }
        return cost;
    }

    /**
     * Hashes a password as {@code $2a$} with {@link #COST}. Slow by intent.
     *
     * @param password not kept and not zeroed
     * @throws SecurityConfigException if it is empty or longer than bcrypt can tell apart
     */
    public static String hash(byte[] password, SecureRandom random) {
        return hash(password, COST, random);
    }

    static String hash(byte[] password, int cost, SecureRandom random) {
        if (password.length == 0 || password.length > BCRYPT_PASSWORD_MAX_BYTES) {
            throw new SecurityConfigException(
                    "password",
                    "has " + password.length + " bytes",
                    "choose one of 1 to " + BCRYPT_PASSWORD_MAX_BYTES + " bytes");
        }
        byte[] salt = new byte[SALT_BYTES];
        random.nextBytes(salt);
        return OpenBSDBCrypt.generate("2a", password, salt, cost);
    }

    /** Whether a comparison takes long enough to stall an event loop: a bcrypt hash. */
    public boolean slow() {
        return cost > 0;
    }

    /** The bcrypt cost, 0 for plain text. */
    int cost() {
        return cost;
    }

    /**
     * Whether a client's password is this one. Takes the same time for every wrong one of the same length.
     *
     * @param given not kept and not zeroed
     */
    public boolean matches(byte[] given) {
        if (!slow()) {
            return MessageDigest.isEqual(given, stored);
        }
        byte[] seen = Arrays.copyOf(given, Math.min(given.length, BCRYPT_PASSWORD_MAX_BYTES));
        try {
            return bcrypt.matches(new String(stored, StandardCharsets.US_ASCII), seen);
        } finally {
            Arrays.fill(seen, (byte) 0);
        }
    }

    /** Whether both are written the same. Two hashes of one password usually are not. */
    boolean storedAs(Password other) {
        return MessageDigest.isEqual(stored, other.stored);
    }

    /** Says only how it is stored. */
    @Override
    public String toString() {
        return slow() ? "Password[bcrypt, cost " + cost + "]" : "Password[plain]";
    }
}
