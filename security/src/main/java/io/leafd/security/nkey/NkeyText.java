package io.leafd.security.nkey;

import io.leafd.security.SecurityConfigException;
import java.util.Arrays;

/**
 * The text form of keys: base32 (RFC 4648 alphabet, no padding) of prefix, 32 key bytes and CRC-16.
 *
 * <pre>
 *   public key   prefix(1)               key(32)  crc(2, little endian)   = 35 bytes = 56 letters
 *   seed         'S' and type(2)         key(32)  crc(2, little endian)   = 36 bytes = 58 letters, two spare bits zero
 * </pre>
 *
 * The two seed bytes carry five bits of {@code S} and eight bits of the type's prefix, so that the text begins with
 * {@code SU}, {@code SA} and so on. The checksum is CRC-16/XMODEM (polynomial 0x1021, start 0) over all before it.
 *
 * <p>Decoding is strict: exactly one text decodes to a key. Works on byte arrays because a seed must be zeroable.
 * Messages never repeat the text: it may be a secret in the wrong place.
 */
final class NkeyText {
    static final int KEY_BYTES = 32;
    static final int PUBLIC_CHARS = 56;
    static final int SEED_CHARS = 58;

    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private static final int SEED_PREFIX = 18 << 3;
    private static final int CRC_BYTES = 2;
    private static final String RETYPE = "copy it again, whole and unchanged";

    private NkeyText() {}

    static byte[] encodePublic(NkeyType type, byte[] key) {
        byte[] binary = new byte[1 + KEY_BYTES + CRC_BYTES];
        binary[0] = (byte) type.prefix();
        System.arraycopy(key, 0, binary, 1, KEY_BYTES);
        return seal(binary);
    }

    static byte[] encodeSeed(NkeyType type, byte[] key) {
        byte[] binary = new byte[2 + KEY_BYTES + CRC_BYTES];
        binary[0] = (byte) (SEED_PREFIX | (type.prefix() >> 5));
        binary[1] = (byte) ((type.prefix() & 31) << 3);
        System.arraycopy(key, 0, binary, 2, KEY_BYTES);
        return seal(binary);
    }

    private static byte[] seal(byte[] binary) {
        int checked = binary.length - CRC_BYTES;
        int crc = crc16(binary, checked);
        binary[checked] = (byte) crc;
        binary[checked + 1] = (byte) (crc >> 8);
        byte[] text = toBase32(binary);
        Arrays.fill(binary, (byte) 0);
        return text;
    }

    /** Prefix byte and key of a public key's text. */
    static byte[] decodePublic(byte[] text, String where) {
        if (text.length > 0 && (text[0] == 'S' || text[0] == 'P')) {
            throw new SecurityConfigException(
                    where,
                    "is a secret (it begins with " + (char) text[0] + "), a public key is needed",
                    "write the public key, which the command \"leafd nkey inspect\" prints");
        }
        requireLength(text, PUBLIC_CHARS, "a public key", where);
        return open(text, where);
    }

    /** Two prefix bytes and key of a seed's text. The caller zeroes the result. */
    static byte[] decodeSeed(byte[] text, String where) {
        if (text.length > 0 && text[0] != 'S') {
            throw new SecurityConfigException(
                    where,
                    "is not a seed: seeds begin with S, this begins with " + printable(text[0]),
                    "write the seed that belongs to the key");
        }
        requireLength(text, SEED_CHARS, "a seed", where);
        byte[] binary = open(text, where);
        if ((binary[0] & 0xF8) != SEED_PREFIX || (binary[1] & 7) != 0) {
            throw new SecurityConfigException(where, "its first two letters are not those of a seed", RETYPE);
        }
        return binary;
    }

    /** The type's prefix byte that two seed bytes carry. */
    static int typePrefix(byte[] seedBinary) {
        return ((seedBinary[0] & 7) << 5) | ((seedBinary[1] & 0xF8) >> 3);
    }

    private static void requireLength(byte[] text, int length, String what, String where) {
        if (text.length != length) {
            throw new SecurityConfigException(
                    where, "has " + text.length + " characters, " + what + " has " + length, RETYPE);
        }
    }

    private static byte[] open(byte[] text, String where) {
        byte[] binary = fromBase32(text, where);
        int checked = binary.length - CRC_BYTES;
        int crc = (binary[checked] & 0xFF) | ((binary[checked + 1] & 0xFF) << 8);
        if (crc != crc16(binary, checked)) {
            Arrays.fill(binary, (byte) 0);
            throw new SecurityConfigException(where, "its checksum does not match: mistyped or damaged", RETYPE);
        }
        byte[] opened = Arrays.copyOf(binary, checked);
        Arrays.fill(binary, (byte) 0);
        return opened;
    }

    static byte[] toBase32(byte[] binary) {
        byte[] text = new byte[(binary.length * 8 + 4) / 5];
        int bits = 0;
        int held = 0;
        int at = 0;
        for (byte b : binary) {
            bits = ((bits << 8) | (b & 0xFF)) & 0xFFF;
            held += 8;
            while (held >= 5) {
                held -= 5;
                text[at++] = (byte) ALPHABET.charAt((bits >> held) & 31);
            }
        }
        if (held > 0) {
            text[at] = (byte) ALPHABET.charAt((bits << (5 - held)) & 31);
        }
        return text;
    }

    static byte[] fromBase32(byte[] text, String where) {
        byte[] binary = new byte[text.length * 5 / 8];
        int bits = 0;
        int held = 0;
        int at = 0;
        for (int i = 0; i < text.length; i++) {
            int value = ALPHABET.indexOf(text[i]);
            if (value < 0) {
                Arrays.fill(binary, (byte) 0);
                throw new SecurityConfigException(
                        where,
                        "character " + (i + 1) + " is " + printable(text[i]) + ", only A-Z and 2-7 may stand there",
                        RETYPE);
            }
            bits = ((bits << 5) | value) & 0xFFF;
            held += 5;
            if (held >= 8) {
                held -= 8;
                binary[at++] = (byte) (bits >> held);
            }
        }
        if ((bits & ((1 << held) - 1)) != 0) {
            Arrays.fill(binary, (byte) 0);
            throw new SecurityConfigException(where, "its last character carries bits that no key has", RETYPE);
        }
        return binary;
    }

    private static String printable(byte b) {
        return b > ' ' && b < 0x7F ? "'" + (char) b + "'" : String.format("0x%02x", b & 0xFF);
    }

    static int crc16(byte[] bytes, int length) {
        int crc = 0;
        for (int i = 0; i < length; i++) {
            crc ^= (bytes[i] & 0xFF) << 8;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc & 0x8000) != 0 ? (crc << 1) ^ 0x1021 : crc << 1;
            }
        }
        return crc & 0xFFFF;
    }
}
