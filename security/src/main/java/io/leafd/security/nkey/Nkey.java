package io.leafd.security.nkey;

import io.leafd.security.SecurityConfigException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Pattern;
import org.bouncycastle.math.ec.rfc8032.Ed25519;
import org.bouncycastle.math.ec.rfc8032.Ed25519.PublicPoint;
import org.jspecify.annotations.Nullable;

/**
 * A public NATS identity: type and Ed25519 public key. Immutable; any thread.
 *
 * <p>Text form: 56 characters, {@code UDXU4RCSJNZOIQHZNWXHXORDPRTGNJAHAHFRGZNEEJCPQTT2M7NLCNF4} for a user. Source:
 * nats-io/nkeys v0.4.16.
 *
 * <p>Verification is strict where Go's and older Java libraries are not all alike: S must be below the group order (no
 * second signature can be made from a first), points must be canonical, and a public key of small or mixed order is
 * refused when it is parsed.
 */
public final class Nkey {
    private static final int SHOWN_CHARS = 4;
    private static final Pattern BEGINNING = Pattern.compile("[A-OQRT-Z2-7][A-Z2-7]{3}");
    private static final int SIGNATURE_BYTES = 64;
    private static final int SIGNATURE_CHARS = 86;
    private static final int SIGNATURE_PADDED_CHARS = 88;

    private final NkeyType type;
    private final PublicPoint point;
    private final String text;

    private Nkey(NkeyType type, PublicPoint point, String text) {
        this.type = type;
        this.point = point;
        this.text = text;
    }

    /**
     * Reads the text form.
     *
     * @throws SecurityConfigException if it is no public key: wrong length, letter, checksum, or not a usable point
     */
    public static Nkey parse(String text) {
        String where = shown(text);
        byte[] binary = NkeyText.decodePublic(text.getBytes(StandardCharsets.UTF_8), where);
        NkeyType type = NkeyType.ofPrefix(binary[0] & 0xFF);
        if (type == null) {
            throw new SecurityConfigException(
                    where,
                    "no kind of key begins with " + text.charAt(0),
                    "use a key made by \"leafd nkey\" or \"nk\"");
        }
        return of(type, Arrays.copyOfRange(binary, 1, binary.length), where);
    }

    /**
     * Reads the text form of a key of one type.
     *
     * @throws SecurityConfigException as {@link #parse(String)}, or if the key is of another type
     */
    public static Nkey parse(NkeyType expected, String text) {
        Nkey nkey = parse(text);
        if (nkey.type != expected) {
            throw new SecurityConfigException(
                    "nkey " + text,
                    "is the key of " + article(nkey.type) + ", that of " + article(expected) + " is needed",
                    "use a key that begins with " + expected.letter());
        }
        return nkey;
    }

    static Nkey of(NkeyType type, byte[] key, String where) {
        if (type == NkeyType.CURVE) {
            throw new SecurityConfigException(
                    where, "is a curve key: it encrypts and cannot sign", "use a key that begins with U");
        }
        PublicPoint point = Ed25519.validatePublicKeyFullExport(key, 0);
        if (point == null) {
            throw new SecurityConfigException(
                    where, "is no valid Ed25519 public key", "make a new key with \"leafd nkey\"");
        }
        return new Nkey(type, point, new String(NkeyText.encodePublic(type, key), StandardCharsets.US_ASCII));
    }

    private static String article(NkeyType type) {
        return (type == NkeyType.ACCOUNT || type == NkeyType.OPERATOR ? "an " : "a ") + type.label();
    }

    /** A secret in the wrong place, perhaps in part, must not reach a log: only the beginning is repeated, and that of no seed. */
    private static String shown(String text) {
        boolean likePublicKey = text.length() == NkeyText.PUBLIC_CHARS
                && BEGINNING.matcher(text).lookingAt();
        return likePublicKey ? "nkey " + text.substring(0, SHOWN_CHARS) + "..." : "nkey";
    }

    /** What the key stands for. */
    public NkeyType type() {
        return type;
    }

    /** The text form, 56 characters. */
    public String text() {
        return text;
    }

    /** Whether this key made the signature. Anything but 64 bytes is no signature. */
    public boolean verifies(byte[] message, byte[] signature) {
        return signature.length == SIGNATURE_BYTES && Ed25519.verify(signature, 0, point, message, 0, message.length);
    }

    /**
     * Whether this key made the signature over the text's bytes.
     *
     * @param signatureText base64url without padding (86 characters) or, as nats-server also takes, standard base64 with
     *     padding (88 characters)
     */
    public boolean verifies(String message, String signatureText) {
        byte[] signature = signatureBytes(signatureText);
        return signature != null && verifies(message.getBytes(StandardCharsets.UTF_8), signature);
    }

    private static byte @Nullable [] signatureBytes(String text) {
        try {
            return switch (text.length()) {
                case SIGNATURE_CHARS -> Base64.getUrlDecoder().decode(text);
                case SIGNATURE_PADDED_CHARS -> Base64.getDecoder().decode(text);
                default -> null;
            };
        } catch (IllegalArgumentException notBase64) {
            return null;
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Nkey that && text.equals(that.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    /** The text form: a public key is no secret. */
    @Override
    public String toString() {
        return text;
    }
}
